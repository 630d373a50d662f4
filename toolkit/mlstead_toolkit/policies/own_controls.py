"""Our own controls, numbered: what machine learning needs and no public control asks for."""

from __future__ import annotations

from typing import Final

PRIVATE_NETWORK: Final = "mlstead ML.1"
ISOLATION: Final = "mlstead ML.2"
OWN_KEYS: Final = "mlstead ML.3"
TRAFFIC: Final = "mlstead ML.4"
REVIEWED_CODE: Final = "mlstead ML.5"
SEPARATE_DUTIES: Final = "mlstead ML.6"
NO_SHELL: Final = "mlstead ML.7"
NO_PLAIN_CREDENTIALS: Final = "mlstead ML.8"
OWN_STORAGE: Final = "mlstead ML.9"
GOVERNED_CATALOG: Final = "mlstead ML.10"
LEAST_DATA: Final = "mlstead ML.11"
WATCHED: Final = "mlstead ML.12"
NOTHING_LOST: Final = "mlstead ML.13"
TRACEABLE: Final = "mlstead ML.14"
BOUNDED_COST: Final = "mlstead ML.15"
ON_BEHALF: Final = "mlstead ML.16"
PERIMETER: Final = "mlstead ML.17"
BOUNDED_ROLES: Final = "mlstead ML.18"

MEANINGS: Final = {
    PRIVATE_NETWORK: "Jobs, models and notebooks run in a network of your own.",
    ISOLATION: "A container that SageMaker brings its data to has no network at all.",
    OWN_KEYS: "Data, models and notebooks are encrypted at rest with customer-managed KMS keys.",
    TRAFFIC: "What containers of a job tell each other is encrypted.",
    REVIEWED_CODE: "What runs is what was reviewed, and cannot change under its name.",
    SEPARATE_DUTIES: "Roles are apart: by kind of work, and whoever makes a model does not approve it.",
    NO_SHELL: "Nobody gets a shell, or is root, where models train and answer.",
    NO_PLAIN_CREDENTIALS: "No password, token or key stands in a resource's settings.",
    OWN_STORAGE: "Everything of a project lies in a place of its own, not in a bucket that everyone's roles open.",
    GOVERNED_CATALOG: "Lake Formation decides who reads which table, not IAM alone.",
    LEAST_DATA: "Nobody is granted more columns, rows or rights than are meant.",
    WATCHED: "What a model is asked and answers is recorded, and somebody is told when it fails.",
    NOTHING_LOST: "What holds data or history is protected, and what is replaced leaves its name free.",
    TRACEABLE: "Of everything that runs it can be told whose it is and where it came from.",
    BOUNDED_COST: "What costs by the hour or the byte ends by itself.",
    ON_BEHALF: "A service acts for resources of our own account alone, and a stranger's identity for nobody.",
    PERIMETER: "Data passes between identities and resources of our own account or organisation alone.",
    BOUNDED_ROLES: "A role that a project makes can do no more than its environment's boundary says.",
}
