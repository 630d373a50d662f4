"""Amazon Athena.

https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazonathena.html
"""

from __future__ import annotations

from mlstead_toolkit.access.calls.row import Row, Service, each

TABLE = Service("athena", {
    "CreateWorkGroup": Row("workgroup/{Name}", tags="Tags"),
    **each("GetWorkGroup UpdateWorkGroup DeleteWorkGroup StartQueryExecution ListQueryExecutions "
           "ListNamedQueries ListPreparedStatements", "workgroup/{WorkGroup|primary}"),
    # A query is known by its id; which workgroup it ran in, the call does not tell.
    **each("GetQueryExecution GetQueryResults StopQueryExecution BatchGetQueryExecution",
           "workgroup/*"),
    "ListWorkGroups": Row(),
    "ListTagsForResource": Row("{ResourceARN}"),
    "TagResource": Row("{ResourceARN}", tags="Tags"),
    "UntagResource": Row("{ResourceARN}", context={"aws:TagKeys": "TagKeys"}),
}, tagging="athena:TagResource")
