"""Studio's things are answered for before they can be used, and refuse to be changed meanwhile, as on AWS."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from typing import Any

import pytest

from mlstead_toolkit.cloud.sagemaker import settling
from mlstead_toolkit.cloud.sagemaker.domain import Domains
from mlstead_toolkit.cloud.sagemaker.user_profile import UserProfiles

ADA = {"UserProfileName": "ada"}


@pytest.fixture
def pass_a_moment(monkeypatch: pytest.MonkeyPatch) -> Callable[[], None]:
    """Hold what would happen by itself until the test lets it."""
    waiting: list[Callable[[], object]] = []

    class Held:
        def __init__(self, _seconds: float, action: Callable[[], object]) -> None:
            self.start = lambda: waiting.append(action)
            self.daemon = False

    monkeypatch.setattr(threading, "Timer", Held)

    def run() -> None:
        while waiting:
            waiting.pop(0)()

    return run


@pytest.fixture
def studio() -> tuple[Any, Any]:
    peers: dict[Any, Any] = {}
    for kind in (Domains, UserProfiles):
        peers[kind] = kind("eu-west-1", "123456789012", None, {}, peers)  # type: ignore[arg-type]
    return peers[Domains], peers[UserProfiles]


def created(domains: Domains) -> dict[str, str]:
    answer = domains.create_domain({"DomainName": "studio", "AuthMode": "IAM", "DefaultUserSettings": {}})
    return {"DomainId": answer["DomainId"]}


def test_what_is_being_made_can_be_described_and_nothing_else(
    studio: tuple[Any, Any], pass_a_moment: Callable[[], None]
) -> None:
    domains, profiles = studio
    domain = created(domains)
    assert domains.describe_domain(domain)["Status"] == "Pending"
    for refused in (lambda: domains.update_domain({**domain, "TagPropagation": "ENABLED"}),
                    lambda: domains.delete_domain(domain), lambda: profiles.create_user_profile({**domain, **ADA})):
        with pytest.raises(Exception, match="wait until that is done"):
            refused()
    pass_a_moment()
    assert domains.describe_domain(domain)["Status"] == "InService"
    profiles.create_user_profile({**domain, **ADA})
    assert profiles.describe_user_profile({**domain, **ADA})["Status"] == "Pending"


def test_what_is_deleted_is_there_for_a_moment_longer(
    studio: tuple[Any, Any], pass_a_moment: Callable[[], None]
) -> None:
    domains, profiles = studio
    domain = created(domains)
    pass_a_moment()
    profiles.create_user_profile({**domain, **ADA})
    pass_a_moment()
    with pytest.raises(Exception, match=r"UserProfile\(s\) are associated with it"):
        domains.delete_domain(domain)

    profiles.delete_user_profile({**domain, **ADA})
    assert profiles.describe_user_profile({**domain, **ADA})["Status"] == "Deleting"
    pass_a_moment()
    with pytest.raises(Exception, match="does not exist"):
        profiles.describe_user_profile({**domain, **ADA})
    domains.delete_domain(domain)
    pass_a_moment()
    with pytest.raises(Exception, match="does not exist"):
        domains.describe_domain(domain)


def test_a_moment_passes_by_itself(studio: tuple[Any, Any]) -> None:
    domains, _ = studio
    domain, until = created(domains), time.monotonic() + 100 * settling.MOMENT
    while domains.describe_domain(domain)["Status"] == "Pending" and time.monotonic() < until:
        time.sleep(settling.MOMENT)
    assert domains.describe_domain(domain)["Status"] == "InService"
