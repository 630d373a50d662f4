"""What stands in the way of a deletion: moto deletes a group, a subnet or a network under whatever still uses it."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any


def install() -> None:
    """Refuse deletions as AWS does, and let a NAT gateway take its interface and give its address back."""
    from moto.ec2.models import EC2Backend

    _before(EC2Backend, "delete_security_group", _group_in_use)
    _before(EC2Backend, "delete_subnet", _subnet_in_use)
    _before(EC2Backend, "delete_vpc", _network_in_use)
    _before(EC2Backend, "release_address", _address_in_use)
    _before(EC2Backend, "delete_nat_gateway", _leave)


def _before(backend: type, name: str, check: Callable[..., None]) -> None:
    original = getattr(backend, name)

    @wraps(original)
    def checked(self: Any, *arguments: Any, **named: Any) -> Any:
        check(self, *arguments, **named)
        return original(self, *arguments, **named)

    setattr(backend, name, checked)


def _group_in_use(backend: Any, name: str | None = None, group_id: str | None = None) -> None:
    group = backend.get_security_group_by_name_or_id(group_id or name)
    if group is None or group.vpc_id not in backend.vpcs:
        return
    if group.is_default and not _is_going(backend, group.vpc_id):
        _refuse("CannotDelete", f'the specified group: "{group.id}" name: "default" cannot be deleted by a user')
    interfaces = [eni for eni in backend.enis.values() if group in eni._group_set]
    rules = [rule for other in backend.groups[group.vpc_id].values() if other is not group
             for rule in (*other.ingress_rules, *other.egress_rules) if rule.source_group.get("GroupId") == group.id]
    if interfaces or rules:
        _violate(f"resource {group.id} has a dependent object")


def _subnet_in_use(backend: Any, subnet_id: str) -> None:
    if any(eni.subnet.id == subnet_id for eni in backend.enis.values()):
        _violate(f"The subnet '{subnet_id}' has dependencies and cannot be deleted.")


def _network_in_use(backend: Any, vpc_id: str) -> None:
    gateways = [gateway for gateway in backend.internet_gateways.values() if gateway.vpc and gateway.vpc.id == vpc_id]
    groups = [group for group in backend.groups[vpc_id].values() if not group.is_default]
    endpoints = [one for one in backend.vpc_end_points.values() if one.vpc_id == vpc_id]
    subnets = [subnet for zone in backend.subnets.values() for subnet in zone.values() if subnet.vpc_id == vpc_id]
    tables = [table for table in backend.route_tables.values() if table.vpc_id == vpc_id]
    if gateways or groups or endpoints or subnets or len(tables) > 1:
        _violate(f"The vpc '{vpc_id}' has dependencies and cannot be deleted.")
    backend.__dict__.setdefault("_going", set()).add(vpc_id)


def _is_going(backend: Any, vpc_id: str) -> bool:
    return vpc_id in backend.__dict__.get("_going", ())


def _address_in_use(backend: Any, address: str | None = None, allocation_id: str | None = None) -> None:
    for one in backend.addresses:
        if one.association_id and (one.public_ip == address or (allocation_id and one.allocation_id == allocation_id)):
            _refuse("InvalidIPAddress.InUse", f"Address {one.public_ip} is in use.")


def _leave(backend: Any, nat_gateway_id: str) -> None:
    gateway = backend.nat_gateways.get(nat_gateway_id)
    if gateway is None:
        _refuse("NatGatewayNotFound", f"NatGateway {nat_gateway_id} was not found")
    for address in backend.addresses:
        if address.eni is gateway._eni:
            backend.disassociate_address(address=address.public_ip)
    backend.enis.pop(gateway._eni.id, None)


def _violate(message: str) -> None:
    _refuse("DependencyViolation", message)


def _refuse(code: str, message: str) -> None:
    from moto.ec2.exceptions import EC2ClientError

    raise EC2ClientError(code, message)
