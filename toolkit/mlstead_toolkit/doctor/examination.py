"""Every check of an account, in a fixed order, several at a time."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

from mlstead.errors import MlsteadError
from mlstead_toolkit.doctor import (
    ci_roles,
    credentials,
    foundation,
    image,
    keys,
    lake_formation,
    leftovers,
    pulumi_cli,
    quotas,
    region,
    secrets_provider,
    service_roles,
    state_backend,
)
from mlstead_toolkit.doctor.account import Account
from mlstead_toolkit.doctor.answers import SIGN_IN
from mlstead_toolkit.doctor.finding import Check, Finding, Part, Unreachable, Unseen, off, together, well
from mlstead_toolkit.doctor.settings import account_of
from mlstead_toolkit.project import Project

_AT_A_TIME = 8
_REINSTALL = "reinstall mlstead, or report it"

SETTINGS = Check("settings", ())  # the account is made of them
CREDENTIALS = Check("credentials", (credentials.signed_in,))
REGION = Check("region", (region.same, region.opted_in))
CHECKS = (
    Check("pulumi", (pulumi_cli.installed,)),
    Check("backend", (state_backend.named, state_backend.reached, state_backend.versioned, state_backend.encrypted,
                      state_backend.private)),
    Check("secrets", (secrets_provider.enabled, secrets_provider.opens,)),
    Check("foundation", (foundation.committed, foundation.boundary, foundation.zones, foundation.studio,
                         foundation.network)),
    Check("keys", (keys.enabled, keys.admits)),
    Check("quotas", (quotas.instances,)),
    Check("ci", (ci_roles.let_in,)),
    Check("service roles", (service_roles.studio, service_roles.macie)),
    Check("image", (image.pushed,)),
    Check("lake formation", (lake_formation.administered,)),
    Check("names", (leftovers.absent, leftovers.log_group)),
)


@dataclass(frozen=True)
class Examined:
    """What one check found, as Finding says it."""

    name: str
    ok: bool | None
    found: str
    fix: str | None


@dataclass(frozen=True)
class Examination:
    """All that was found.

    Args:
        checks: in a fixed order.
        left_out: the names of those that nobody could have answered.
    """

    checks: list[Examined]
    left_out: list[str]

    @property
    def broken(self) -> list[Examined]:
        """What is off."""
        return [check for check in self.checks if check.ok is False]


def examine(project: Project, environment: str) -> Examination:
    """Look at everything that a deployment of an environment needs; where settings are refused, at nothing else."""
    try:
        account = account_of(project, environment)
    except MlsteadError as error:
        what = f"{error.what} ({error.where})" if error.where else error.what
        return _stopped([], SETTINGS, off(what, error.fix or _REINSTALL))
    return look_at(account)


def look_at(account: Account) -> Examination:
    """Do every check; without a sign-in to the right account, and in a wrong region, none besides."""
    first = [_examined(SETTINGS, well(f"{account.settings_file}, {account.region}"))]
    for check in (CREDENTIALS, REGION):  # what the others find elsewhere says nothing
        found = _look(account, check)
        if check is CREDENTIALS and found.ok is None:  # whoever is known may ask who it is
            found = off(found.found, SIGN_IN)
        if found.ok is False:
            return _stopped(first, check, found)
        first.append(_examined(check, found))
    with ThreadPoolExecutor(_AT_A_TIME) as pool:
        findings = list(pool.map(lambda check: _examined(check, _look(account, check)), CHECKS))
    return Examination([*first, *findings], [])


def _stopped(before: list[Examined], check: Check, finding: Finding) -> Examination:
    told = [*before, _examined(check, finding)]
    names = {each.name for each in told}
    return Examination(told, [each.name for each in (CREDENTIALS, REGION, *CHECKS) if each.name not in names])


def _examined(check: Check, finding: Finding) -> Examined:
    return Examined(check.name, finding.ok, finding.found, finding.fix)


def _look(account: Account, check: Check) -> Finding:
    return together(finding for part in check.parts for finding in _guarded(account, part))


def _guarded(account: Account, part: Part) -> Iterator[Finding]:
    try:
        yield from part(account)
    except Unseen as why:
        yield Finding(None, str(why))
    except Unreachable as why:
        yield off(why.found, why.fix)
    except MlsteadError as error:
        yield off(f"{error.what} ({error.where})" if error.where else error.what, error.fix or _REINSTALL)
    except Exception as error:  # the one command that must answer when something is broken
        yield Finding(None, f"{type(error).__name__}: {error}")
