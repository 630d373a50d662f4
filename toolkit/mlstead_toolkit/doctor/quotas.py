"""How many instances the account may have of what the settings name; a higher quota takes days."""

from __future__ import annotations

from collections.abc import Iterator

from mlstead_toolkit.doctor.account import Account
from mlstead_toolkit.doctor.finding import Finding, off, well

_SERVICE = "sagemaker"


def wanted(account: Account) -> dict[str, tuple[int, str]]:
    """Give, by the quota's name, how many instances the settings need, and why.

    An update brings the endpoint's new instances up beside the old.
    https://docs.aws.amazon.com/sagemaker/latest/dg/deployment-guardrails-blue-green.html
    """
    settings = account.settings
    endpoint = settings.endpoint
    return {
        f"{settings.processing.instance_type} for processing job usage": (1, "one job at a time"),
        f"{settings.training.instance_type} for training job usage": (1, "one job at a time"),
        f"{endpoint.instance_type} for endpoint usage": (
            2 * endpoint.instance_count,
            f"instance_count {endpoint.instance_count}, twice while a version takes over"),
    }


def instances(account: Account) -> Iterator[Finding]:
    """Hold each quota to what is needed: the account's own, or AWS's default where it has none."""
    needed = wanted(account)
    found = _named(account, "ListServiceQuotas", set(needed))
    found |= _named(account, "ListAWSDefaultServiceQuotas", set(needed) - set(found))
    for name, (least, why) in needed.items():
        if name not in found:
            yield Finding(None, f"no quota {name!r} is told: see that the instance type exists in {account.region}")
        elif found[name][0] < least:
            value, code = found[name]
            yield off(f"{name}: {value:g}, and {least} needed ({why})",
                      f"aws service-quotas request-service-quota-increase --service-code {_SERVICE} "
                      f"--quota-code {code} --desired-value {least} --region {account.region}")
        else:
            yield well(f"{name}: {found[name][0]:g}")


def _named(account: Account, operation: str, names: set[str]) -> dict[str, tuple[float, str]]:
    """Give value and code of the quotas with these names; their codes are nowhere but in this list."""
    found: dict[str, tuple[float, str]] = {}
    if not names:
        return found
    for quota in account.pages("service-quotas", operation, "Quotas", ServiceCode=_SERVICE,
                               PaginationConfig={"PageSize": 100}):
        if quota["QuotaName"] in names:
            found[quota["QuotaName"]] = (float(quota["Value"]), quota["QuotaCode"])
            if len(found) == len(names):
                break
    return found
