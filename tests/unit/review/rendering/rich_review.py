"""A review with something in every section, made by hand."""

from __future__ import annotations

from decimal import Decimal

from mlstead_toolkit.engine.plan import Operation
from mlstead_toolkit.review.comparison import Problem
from mlstead_toolkit.review.report import (
    AccessChange,
    AccessKind,
    CloudPlan,
    Cost,
    CostChange,
    Difference,
    EnvironmentReview,
    PolicyChange,
    PolicyKind,
    Remark,
    ResourceChange,
    Review,
)
from mlstead_toolkit.review.verdict import Verdict

MAIN = "infra/__main__.py:31"
BUCKET, ENDPOINT = "aws:s3/bucket:Bucket", "aws:sagemaker/endpoint:Endpoint"
CONFIGURATION = "aws:sagemaker/endpointConfiguration:EndpointConfiguration"
DIAGRAM = """flowchart LR
  subgraph g0["DataPipeline flight-delays-data"]
    r0["#43; Role<br/>training"]:::added
    r1["Bucket<br/>lake"]:::beside
  end
  r0 -->|"policy"| r1
  p0(["training role"]):::access
  p0 -.-> r1
  classDef added fill:#dafbe1
"""
PIPELINE = ("DataPipeline flight-delays-data",)
SERVING = ("Endpoint flight-delays", "EndpointRoles flight-delays")


def remarks(verdict: Verdict) -> tuple[Remark, ...]:
    """What one environment's reviewer looks at first."""
    weakens = (Remark(Verdict.WEAKENS_A_CONTROL, "data capture of the endpoint is switched off: load test",
                      "flight-delays", ENDPOINT, "infra/__main__.py:52"),)
    return (*(weakens if verdict is Verdict.WEAKENS_A_CONTROL else ()),
            Remark(Verdict.WIDENS_ACCESS, "training role may now read curated/ of the lake", "training role", "", MAIN),
            Remark(Verdict.REPLACES, "the bucket and every object in it would be lost", "scratch", BUCKET, MAIN))


def changes(environment: str, instance: str) -> tuple[ResourceChange, ...]:
    """One of each kind, and a name that carries the environment's."""
    return (
        ResourceChange(Operation.CREATE, "aws:iam/rolePolicy:RolePolicy", "training-lake", PIPELINE, place=MAIN),
        ResourceChange(Operation.UPDATE, "aws:iam/policy:Policy", "training", PIPELINE, (
            Difference("policy", "", "", lines=("  statement ReadLake", "+ allow s3:GetObject on curated/*",
                                                 "- allow s3:GetObject on raw/*")),
            Difference("tags.owner", f"team-{environment}", "platform")), place=MAIN),
        ResourceChange(Operation.REPLACE, BUCKET, "scratch", (), (
            Difference("bucket", "scratch-a", "scratch-b", replaces=True),), place=MAIN, delete_before_replace=True),
        ResourceChange(Operation.REPLACE, CONFIGURATION, "configuration", SERVING, (
            Difference("productionVariants[0].instanceType", "ml.m5.large", instance, replaces=True),
            Difference("tags.new", "", "a|b `c` <d>")), place="infra/__main__.py:52", old_name="old-configuration"),
        ResourceChange(Operation.DELETE, "aws:sns/topic:Topic", "unheard", ()),
    )


def environment(name: str, instance: str = "ml.m5.xlarge",
                verdict: Verdict = Verdict.WIDENS_ACCESS) -> EnvironmentReview:
    """One environment of the review."""
    return EnvironmentReview(
        name, tuple(sorted({verdict, Verdict.WIDENS_ACCESS, Verdict.REPLACES, Verdict.COSTS_MORE}, reverse=True)),
        (("create", 1), ("update", 1), ("replace", 2), ("delete", 1)), 148,
        changes(name, instance),
        (AccessChange(AccessKind.GAINS, "training role", "training role may now read curated/ of the lake",
                      ("s3:GetObject on arn:aws:s3:::⟨lake⟩/curated/*", "if aws:SecureTransport is true"),
                      place=MAIN),
         AccessChange(AccessKind.LOSES, "training role", "training role may no more read raw/ of the lake",
                      widens=False),
         AccessChange(AccessKind.TRUST, "account 111122223333", "account 111122223333 may assume the role reader")),
        (PolicyChange(PolicyKind.NEW, "s3-versioned", "advisory", "scratch", "The bucket keeps no versions.",
                      "give it versioning", place=MAIN),
         PolicyChange(PolicyKind.EXCEPTED, "endpoint-captures", "mandatory", "flight-delays", "It captures nothing.",
                      reason="load test", owner="@platform-team", expires="2027-01-31"),
         PolicyChange(PolicyKind.EXCEPTED, "s3-logged", "advisory", "scratch", "It logs nothing.", existing=True,
                      reason="scratch", owner="ml", expires="2027-02-28"),
         PolicyChange(PolicyKind.FIXED, "topic-encrypted", "mandatory", "unheard", "The topic was not encrypted.")),
        Cost(Decimal("118.40"), Decimal("211.84"),
             (CostChange("configuration", CONFIGURATION, Decimal("93.44"), Decimal("186.88"),
                         f"1 of {instance}, 730 h at $0.256", "per GB of data"),
              CostChange("unheard", "aws:sns/topic:Topic", None, None, "", "per message")),
             ("aws:s3:Bucket (4): per GB and request",)),
        DIAGRAM,
        remarks(verdict), notes=("the foundation is that of infra/foundation.dev.json on both sides",))


def review() -> Review:
    """Three environments, of which prod differs, and a fourth that could not be evaluated."""
    plan = CloudPlan("5 to change, 148 unchanged", drift=(
        ResourceChange(Operation.UPDATE, BUCKET, "lake", (), (Difference("tags.by", "", "hand"),)),))
    dev = environment("dev")
    broken = EnvironmentReview(
        "eu", (Verdict.CANNOT_BE_DEPLOYED,), (), 0,
        problems=(Problem("eu", "head", "The program raised KeyError: 'instance'.", "infra/__main__.py:12",
                          "write the setting instance into infra/Pulumi.eu.yaml"),))
    return Review("flight-delays", "main (1a2b3c4)", "this change", (
        EnvironmentReview(**{**vars(dev), "cloud": plan}), environment("staging"),
        environment("prod", "ml.m5.4xlarge", Verdict.WEAKENS_A_CONTROL), broken), notes=("made of a hand",))


def safe() -> Review:
    """A change that changes nothing."""
    return Review("flight-delays", "main (1a2b3c4)", "this change",
                  tuple(EnvironmentReview(name, (Verdict.SAFE,), (), 153) for name in ("dev", "staging", "prod")))
