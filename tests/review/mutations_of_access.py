"""Mutations of who may do what."""

from __future__ import annotations

from collections.abc import Callable

from mutations import CANNOT_BE_DEPLOYED, OTHER_ACCOUNT, SAFE, WIDENS_ACCESS, Draw, Mutation

EVERYTHING = """
aws.iam.RolePolicy(f"{name}-WORD", role=exploration.role_name, policy=json.dumps({
    "Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "s3:*", "Resource": "*"}]}))
"""
PASSED = """
aws.iam.RolePolicy(f"{name}-WORD", role=exploration.role_name, policy=pulumi.Output.json_dumps({
    "Version": "2012-10-17", "Statement": [{
        "Effect": "Allow", "Action": "iam:PassRole", "Resource": monitoring.arn,
        "Condition": {"StringEquals": {"iam:PassedToService": "sagemaker.amazonaws.com"}}}]}))
"""
TRUSTED = """
aws.iam.Role(f"{name}-WORD", path=context.role_path, tags=context.tags("Extra"),
             permissions_boundary=context.boundary_arn, assume_role_policy=json.dumps({
    "Version": "2012-10-17",
    "Statement": [{"Effect": "Allow", "Action": "sts:AssumeRole", "Principal": {"AWS": "*"}}]}))
"""
SHARED_KEY = """
aws.kms.Grant(f"{name}-WORD", key_id=operations_key, operations=["Decrypt"],
              grantee_principal="arn:aws:iam::999988887777:role/WORD")
"""
OPEN_GROUP = """
aws.ec2.SecurityGroup(f"{name}-WORD", description="Who asks from outside", vpc_id="vpc-0a1b2c3d",
                      tags=context.tags("Extra"), ingress=[{
    "description": "asks", "protocol": "tcp", "from_port": PORT, "to_port": PORT, "cidr_blocks": ["0.0.0.0/0"]}])
"""
PUBLIC_TOPIC = """
topic = aws.sns.Topic(f"{name}-WORD", kms_master_key_id=operations_key, tags=context.tags("Extra"))
aws.sns.TopicPolicy(f"{name}-WORD", arn=topic.arn, policy=pulumi.Output.json_dumps({
    "Version": "2012-10-17",
    "Statement": [{"Effect": "Allow", "Principal": "*", "Action": "sns:Subscribe", "Resource": topic.arn}]}))
"""
PUBLIC_BUCKET = """
opened = aws.s3.Bucket(f"{name}-WORD")
aws.s3.BucketPolicy(f"{name}-WORD", bucket=opened.bucket, policy=pulumi.Output.json_dumps({
    "Version": "2012-10-17", "Statement": [{
        "Effect": "Allow", "Principal": "*", "Action": "s3:GetObject",
        "Resource": pulumi.Output.concat(opened.arn, "/*")}]}))
"""
PERSONAL = 'tailnum = { type = "string", sensitivity = "pii", comment = "leads to the aircraft\'s owner'


def _granted(line: str) -> Callable[[Draw], None]:
    last = "lake.grant_audit(team.auditor)\n"
    return lambda draw: draw.copy.program(last, f"{last}{line}\n")


def _reads_raw(draw: Draw) -> None:
    zone = draw.random.choice(("raw", "quarantine"))
    draw.copy.program('lake.grant_read(exploration, "curated")\n',
                      f'lake.grant_read(exploration, "curated")\nlake.grant_read(exploration, "{zone}")\n')


def _writes(draw: Draw) -> None:
    zone = draw.random.choice(("raw", "curated", "features"))
    _granted(f'lake.grant_write(team.data_scientist, "{zone}")')(draw)


def _open_group(draw: Draw) -> None:
    draw.with_aws(OPEN_GROUP.replace("PORT", str(draw.random.choice((22, 443, 8080)))))


def _personal(draw: Draw) -> None:
    content = (draw.copy.root / "tables.toml").read_text(encoding="utf-8")
    before, found, after = content.rpartition(PERSONAL)
    assert found, "no column of tables.toml is as it was"
    draw.copy.write("tables.toml", before + PERSONAL.replace(' sensitivity = "pii",', "") + after)


ACCESS = (
    Mutation("a grant to read", _reads_raw, "access", "exploration role may now .*read", WIDENS_ACCESS),
    Mutation("a grant to write", _writes, "access", "data-scientist role may now .*write", WIDENS_ACCESS),
    Mutation("a grant to approve", _granted("registry.grant_approve(team.data_scientist)"), "access",
             "data-scientist role may now .*approve", WIDENS_ACCESS),
    Mutation("a grant to deliver", _granted("data.grant_deliver(team.ml_engineer)"), "access",
             "ml-engineer role may now", WIDENS_ACCESS),
    Mutation("a grant taken back", lambda draw: draw.copy.program("lake.grant_audit(team.auditor)\n", ""), "access",
             "auditor role may no longer", SAFE),
    Mutation("everything of S3", lambda draw: draw.with_aws(EVERYTHING), "access", "exploration role may now",
             CANNOT_BE_DEPLOYED),
    Mutation("a role to hand over", lambda draw: draw.with_aws(PASSED), "access",
             "PASS_ROLE.*exploration role.*monitoring", WIDENS_ACCESS),
    Mutation("a role for anybody", lambda draw: draw.with_aws(TRUSTED), "access", "anybody", WIDENS_ACCESS),
    Mutation("a key for another account", lambda draw: draw.with_aws(SHARED_KEY), "access", OTHER_ACCOUNT,
             WIDENS_ACCESS),
    Mutation("a port open to the world", _open_group, "access", "EXPOSURE", WIDENS_ACCESS),
    Mutation("a topic open to the world", lambda draw: draw.with_aws(PUBLIC_TOPIC), "access", "anybody", WIDENS_ACCESS),
    Mutation("a bucket open to the world", lambda draw: draw.with_aws(PUBLIC_BUCKET), "access",
             "EXPOSURE.*anybody|anybody.*EXPOSURE", WIDENS_ACCESS),
    Mutation("a column that is personal no more", _personal, "changes", "tailnum", WIDENS_ACCESS),
)
