"""Settings of stacks/foundation."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from mlstead.catalog.governance import check_administrators
from mlstead.job_logs import check_retention
from mlstead.lake.access_logs import Frequency
from mlstead.lake.bucket import MOST_DAYS, MOST_LOCK_DAYS
from mlstead.network.addresses import NetworkAddresses
from mlstead.network.network import ENDPOINTS, check_endpoints, check_organization, check_zone_names
from mlstead.settings.settings import Block, Guard, Settings, checked
from mlstead.settings.strength import Strength
from mlstead.settings.studio_settings import StudioSettings

Days = Annotated[int, Field(ge=1, le=MOST_DAYS)]


class NetworkSettings(Block):
    """The private network that jobs, endpoints and notebooks run in."""

    cidr: Annotated[str, checked(NetworkAddresses.of), Strength.NEUTRAL] = "10.64.0.0/16"
    """Addresses of the network, in CIDR notation; they cannot be changed once anything runs in it."""

    zones: Annotated[int, Field(ge=2, le=3), Strength.HIGHER] = 2
    """In how many availability zones there are subnets and interface endpoints: 2 or 3.

    Weakened: fewer zones may fail before jobs, endpoints and queries stop.
    """

    zone_names: Annotated[list[str], checked(check_zone_names, "zones"), Strength.NEUTRAL] = []
    """Which availability zones (eu-west-1a, …), where the first do not offer every endpoint; not set: the first."""

    endpoints: Annotated[list[str], checked(check_endpoints), Strength.NEUTRAL] = list(ENDPOINTS)
    """Which AWS services have an interface endpoint in the network; each costs by the hour and zone."""

    organization_id: Annotated[str, checked(check_organization), Strength.NEUTRAL] = ""
    """AWS organisation whose principals and resources may meet through the endpoints, o-…; not set: the account."""

    no_internet_route: Guard = True
    """Whether there is no way out to the internet.

    Weakened: what runs in the network can carry data to anyone, through a NAT gateway that costs by the hour.
    """

    flow_logs: Guard = True
    """Whether accepted and rejected traffic is logged.

    Weakened: nobody can tell afterwards what talked to what; the records until then are deleted.
    """


class LakeSettings(Block):
    """The data lake."""

    tier_after_days: Annotated[Days, Strength.NEUTRAL] = 30
    """Age at which objects move to intelligent tiering, in days."""

    noncurrent_days: Annotated[Days, Strength.LONGER] = 90
    """How long overwritten and deleted versions of data can be brought back, in days.

    Weakened: a mistake or an attack that is noticed later than this cannot be undone.
    """

    access_log_days: Annotated[Days, Strength.LONGER] = 400
    """How long access logs and inventories are kept, in days.

    Weakened: who read what cannot be told of the days before.
    """

    raw_lock_days: Annotated[Annotated[int, Field(ge=1, le=MOST_LOCK_DAYS)] | None, Strength.LONGER] = None
    """How long no version of an object in raw can be deleted, in days from when it lands; not set: no lock.

    A change, or taking it away, concerns what lands later: what is locked stays locked until its days are over.

    Weakened: whoever may delete objects can delete the only copy of what was delivered.
    """

    inventory: Annotated[Frequency, Strength.MORE_OFTEN] = "Weekly"
    """How often S3 lists every object of the zones with its encryption and lock: Daily or Weekly.

    Weakened: an object that is not as it should be is found days later.
    """

    protect: Guard = True
    """Whether Pulumi refuses to delete the buckets.

    Weakened: one mistyped destroy loses every object.
    """


class FoundationSettings(Settings):
    """Settings of stacks/foundation."""

    account_wide: Annotated[bool, Strength.NEUTRAL] = True
    """Whether this environment makes what an account and region has once: logs of jobs, governance of the catalog."""

    administrators: Annotated[list[str], checked(check_administrators), Strength.NEUTRAL] = []
    """ARNs of the IAM principals that administer Lake Formation; not set: whoever deploys, until somebody else does."""

    log_retention_days: Annotated[int, checked(check_retention), Strength.LONGER] = 365
    """How long logs are kept, in days that CloudWatch Logs knows.

    Weakened: what happened before cannot be looked into.
    """

    only_from_network: Annotated[bool, Strength.TRUE] = False
    """Whether the lake's data is given out only through the network's own endpoint, not to a console or a laptop.

    Weakened: stolen credentials of a role that may read data read it from anywhere.
    """

    macie: Annotated[bool, Strength.NEUTRAL] = False
    """Whether Macie, which must be enabled in the account first, may look through raw where a project asks for it.

    With only_from_network it still cannot: it reads from a network of its own.
    """

    network: NetworkSettings = NetworkSettings()
    """The private network that jobs, endpoints and notebooks run in."""

    lake: LakeSettings = LakeSettings()
    """The data lake."""

    studio: StudioSettings = StudioSettings()
    """The domain of SageMaker Studio."""
