"""The review as plain data: what the renderers write, and what a script reads.

All of it is frozen and compares by value, so that what is the same in several environments can be told once.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from mlstead_toolkit.engine.plan import Operation
from mlstead_toolkit.review.comparison import BASE, HEAD, Problem
from mlstead_toolkit.review.verdict import Verdict

NOT_COMPARED = "not compared"


@dataclass(frozen=True)
class Remark:
    """Why the verdict is what it is: one sentence about one resource.

    Args:
        verdict: what it amounts to.
        text: a sentence without the resource's name in front: `the bucket and every object in it would be lost`.
        subject: the resource's or the principal's name.
        type: the resource's type token; "" for a principal.
        place: file:line in the repository; "" where no line made it.
    """

    verdict: Verdict
    text: str
    subject: str
    type: str = ""
    place: str = ""


@dataclass(frozen=True)
class Difference:
    """One property that differs.

    Args:
        path: as Pulumi writes it: `vpcConfig.subnets[0]`.
        before: as one line; "" where it was not there.
        after: as one line; "" where it is gone.
        replaces: whether only a new resource can take it.
        lines: for a policy, a pipeline or a long text, what differs in it, line by line: words behind `+ `, `- `, `~ `
            or `  `.
    """

    path: str
    before: str
    after: str
    replaces: bool = False
    lines: tuple[str, ...] = ()


@dataclass(frozen=True)
class ResourceChange:
    """One resource that is added, changed, replaced or deleted.

    Args:
        operation: create, update, replace, delete, import.
        type: the type token.
        name: the name in the program.
        component: names of the components around it, outermost first: `DataPipeline flight-delays-data`.
        differences: what differs; for a new or deleted resource nothing.
        place: file:line in the repository; "" where unknown.
        old_name: what the base calls it, where an alias ties the two together.
        delete_before_replace: whether the old one goes before the new one is there.
    """

    operation: Operation
    type: str
    name: str
    component: tuple[str, ...] = ()
    differences: tuple[Difference, ...] = ()
    place: str = ""
    old_name: str = ""
    delete_before_replace: bool = False


class AccessKind(StrEnum):
    """In what way somebody's access differs."""

    GAINS = "gains"
    LOSES = "loses"
    TRUST = "trust"
    EXPOSURE = "exposure"
    PASS_ROLE = "pass role"  # noqa: S105 - IAM's name of an action


@dataclass(frozen=True)
class AccessChange:
    """What one principal may do from now on, or no more.

    Args:
        kind: in what way.
        principal: in words: `training role`, `anybody`, `account 111122223333`.
        text: the whole sentence: `training role may now read curated/ of the lake`.
        details: the actions, resources and conditions behind it, a line each.
        widens: whether more is possible than before.
        subject: name of the resource whose policy says so.
        place: file:line in the repository.
    """

    kind: AccessKind
    principal: str
    text: str
    details: tuple[str, ...] = ()
    widens: bool = True
    subject: str = ""
    place: str = ""


class PolicyKind(StrEnum):
    """What became of a finding."""

    NEW = "new"
    FIXED = "fixed"
    EXCEPTED = "excepted"
    EXPIRED = "expired"
    NOT_DECIDED = "not decided"
    UNUSED = "excuses nothing"  # an exception that no finding needs
    WEAKENED = "weakened"  # a guard of a component, switched off with a reason; or a control that the resource had
    RESTORED = "restored"


@dataclass(frozen=True)
class PolicyChange:
    """One finding of the policy pack, or one guard of a component, that is there on one side alone.

    Args:
        kind: what became of it.
        rule: the rule's id, or the guard's argument.
        level: mandatory or advisory; "" for a guard.
        subject: the resource's name.
        message: what is wrong.
        fix: what to do; "" where nothing is.
        reason: why it is excepted or weakened.
        owner: who agreed to the exception.
        expires: when it ends, as YYYY-MM-DD.
        existing: whether it was excepted on both sides, and is told for completeness only.
        place: file:line in the repository.
    """

    kind: PolicyKind
    rule: str
    level: str
    subject: str
    message: str
    fix: str = ""
    reason: str = ""
    owner: str = ""
    expires: str = ""
    existing: bool = False
    place: str = ""


@dataclass(frozen=True)
class CostChange:
    """What one resource costs a month, before and after, in US dollars without tax.

    Args:
        subject: the resource's name.
        type: its type token.
        before: a month on the base; None where it is not there, or not known.
        after: likewise on the head.
        basis: how it is counted: `2 of ml.m5.large, 730 h at $0.128`.
        unknown: what depends on use and is not in the amounts: `per request and GB`; "" where nothing does.
        rises: what costs more by use, or by what nobody knows: `an hour of training costs more: $0.128 → $0.257`.
        place: file:line in the repository.
        unpriced: the sides, base or head, where it is there and what it costs is not known.
        estimated: whether an amount is an estimate, as the basis says.
    """

    subject: str
    type: str
    before: Decimal | None
    after: Decimal | None
    basis: str
    unknown: str = ""
    rises: str = ""
    place: str = ""
    unpriced: tuple[str, ...] = ()
    estimated: bool = False

    @property
    def difference(self) -> Decimal | None:
        """How much more it costs; None where that is not known of either side: an unknown is no saving."""
        return None if self.unpriced else (self.after or Decimal(0)) - (self.before or Decimal(0))


@dataclass(frozen=True)
class Cost:
    """The monthly cost of an environment.

    Args:
        before: the sum of what is known, on the base; None where there is no base.
        after: likewise on the head.
        changes: resources whose cost differs, or whose use-dependent cost appears or goes.
        unknown: what is not in the sums, a line each: by type, with the number of resources.
    """

    before: Decimal | None
    after: Decimal | None
    changes: tuple[CostChange, ...] = ()
    unknown: tuple[str, ...] = ()

    @property
    def difference(self) -> Decimal:
        """How much more is paid for what is known on both sides."""
        return sum((one.difference or Decimal(0) for one in self.changes), Decimal(0))

    def without(self, side: str) -> tuple[str, ...]:
        """Name what differs and is not in a side's sum, because what it costs is not known."""
        return tuple(one.subject for one in self.changes if side in one.unpriced)

    @property
    def differs(self) -> bool:
        """Whether any amount does, or may."""
        return any(one.difference != 0 for one in self.changes)


@dataclass(frozen=True)
class CloudPlan:
    """What the plan of an environment's deployment says, with credentials: what it would do, and drift.

    Args:
        summary: `2 to update, 151 unchanged; 1 drifted`.
        changes: what the deployment would do that the comparison of the code, or the drift, does not say.
        drift: what the cloud has otherwise than the last deployment left it.
        error: why there is no preview; "" where there is one.
    """

    summary: str
    changes: tuple[ResourceChange, ...] = ()
    drift: tuple[ResourceChange, ...] = ()
    error: str = ""


@dataclass(frozen=True)
class EnvironmentReview:
    """One environment: everything that the comment says of it.

    Args:
        environment: the stack's short name.
        verdicts: worst first; (SAFE,) where there is nothing to mind, () where it was not compared.
        counts: resources by operation, in the order of a plan: ("create", 2), …
        unchanged: how many resources nothing is done to.
        changes: resources, by component, type and name.
        access: who may do what from now on, or no more; the riskiest first.
        policies: findings and guards that differ.
        cost: a month; None where nothing was evaluated.
        diagram: Mermaid's source; "" where nothing changes.
        remarks: what a reviewer should look at first, the worst first.
        cloud: what a preview says; None where there is none.
        problems: what went wrong here; those of all environments are the review's.
        notes: what a reader should know of how this was made.
    """

    environment: str
    verdicts: tuple[Verdict, ...]
    counts: tuple[tuple[str, int], ...]
    unchanged: int
    changes: tuple[ResourceChange, ...] = ()
    access: tuple[AccessChange, ...] = ()
    policies: tuple[PolicyChange, ...] = ()
    cost: Cost | None = None
    diagram: str = ""
    remarks: tuple[Remark, ...] = ()
    cloud: CloudPlan | None = None
    problems: tuple[Problem, ...] = ()
    notes: tuple[str, ...] = ()

    @property
    def words(self) -> str:
        """The verdict in one line: `weakens a control · costs more`."""
        return _words(self.verdicts)


@dataclass(frozen=True)
class Review:
    """The whole review.

    Args:
        project: Pulumi's name of the project.
        base: what it is compared with, in words: `main (1a2b3c4)`.
        head: what is compared: `this change`.
        environments: in the order dev, staging, prod, others, local.
        problems: what concerns no single environment.
        notes: likewise.
    """

    project: str
    base: str
    head: str
    environments: tuple[EnvironmentReview, ...]
    problems: tuple[Problem, ...] = ()
    notes: tuple[str, ...] = ()

    @property
    def verdicts(self) -> tuple[Verdict, ...]:
        """Every verdict of any environment, the worst first; none where nothing was found and not all was compared."""
        found = {verdict for one in self.environments for verdict in one.verdicts if verdict is not Verdict.SAFE}
        if any(problem.side == HEAD for problem in self.problems):
            found.add(Verdict.CANNOT_BE_DEPLOYED)
        return tuple(sorted(found, reverse=True)) or ((Verdict.SAFE,) if self.compared else ())

    @property
    def verdict(self) -> Verdict:
        """The worst."""
        return max(self.verdicts, default=Verdict.SAFE)

    @property
    def compared(self) -> bool:
        """Whether every environment was compared: a base that cannot be evaluated leaves open what is new."""
        return all(problem.side != BASE for problem in self.problems) and all(one.verdicts for one in self.environments)

    @property
    def words(self) -> str:
        """The verdict in one line: `weakens a control · costs more`; what was not compared is no safe change."""
        return _words(self.verdicts) if self.compared else _words(self.verdicts, NOT_COMPARED)


def _words(verdicts: tuple[Verdict, ...], *more: str) -> str:
    return " · ".join([*(verdict.words for verdict in verdicts), *more]) or NOT_COMPARED
