"""VPC endpoints that stand in their subnets, groups and route tables, and go when they are deleted.

moto puts an endpoint's interfaces outside its subnets, changes neither them nor routes with it, and lists it forever.
"""

from __future__ import annotations

import itertools
from typing import Any

_LISTS = ("subnet_ids", "security_group_ids", "route_table_ids")


def install() -> None:
    """Replace what moto does when an endpoint is made, changed and deleted."""
    from moto.ec2.models import EC2Backend
    from moto.ec2.models.managed_prefixes import ManagedPrefixList
    from moto.ec2.responses.vpcs import VPCs

    create, respond, modify = EC2Backend.create_vpc_endpoint, VPCs.create_vpc_endpoint, VPCs.modify_vpc_endpoint

    def create_endpoint(backend: Any, **given: Any) -> Any:
        _check(backend, given)
        groups = given.get("security_group_ids") or []
        if _is_interface(given["endpoint_type"]) and not groups:
            groups = [backend.get_default_security_group(given["vpc_id"]).id]
        endpoint = create(backend, **{**given, "subnet_ids": [], "route_table_ids": []})
        endpoint.subnet_ids, endpoint.route_table_ids, endpoint.security_group_ids = [], [], []
        _stand(backend, endpoint, {"subnet_ids": given.get("subnet_ids") or [], "security_group_ids": groups,
                                   "route_table_ids": given.get("route_table_ids") or []})
        return endpoint

    def answer_creation(response: Any) -> Any:
        result = respond(response)
        endpoint = result.result["VpcEndpoint"]  # type: ignore[index]
        endpoint.ip_address_type = response._get_param("IpAddressType") or "ipv4"
        _keep_options(response, endpoint)
        return result

    def answer_change(response: Any) -> Any:
        endpoint = response.ec2_backend.describe_vpc_endpoints([response._get_param("VpcEndpointId")])[0]
        wanted = {name: _changed(response, name, getattr(endpoint, name)) for name in _LISTS}
        private = response._get_bool_param("PrivateDnsEnabled", if_none=endpoint.private_dns_enabled)
        _check(response.ec2_backend, {"vpc_id": endpoint.vpc_id, "service_name": endpoint.service_name,
                                      "endpoint_type": endpoint.vpc_endpoint_type, "private_dns_enabled": private,
                                      **wanted}, endpoint)
        lists = {name: list(getattr(endpoint, name)) for name in _LISTS}
        result = modify(response)
        for name in _LISTS:
            setattr(endpoint, name, lists[name])  # moto's part knows nothing of routes and interfaces
        endpoint.private_dns_enabled = private
        endpoint.ip_address_type = response._get_param("IpAddressType") or endpoint.ip_address_type
        if response._get_bool_param("ResetPolicy"):
            import json

            endpoint.policy_document = json.dumps(endpoint.DEFAULT_POLICY)
        if response._get_param("DnsOptions"):
            _keep_options(response, endpoint)
        _stand(response.ec2_backend, endpoint, wanted)
        return result

    def delete_endpoints(backend: Any, vpce_ids: list[str] | None = None) -> None:
        for endpoint in [backend.vpc_end_points[one] for one in vpce_ids or [] if one in backend.vpc_end_points]:
            _stand(backend, endpoint, {name: [] for name in _LISTS})
            del backend.vpc_end_points[endpoint.id]

    EC2Backend.create_vpc_endpoint = create_endpoint  # type: ignore[method-assign, assignment]
    EC2Backend.delete_vpc_endpoints = delete_endpoints  # type: ignore[method-assign, assignment]
    VPCs.create_vpc_endpoint = answer_creation  # type: ignore[method-assign, assignment]
    VPCs.modify_vpc_endpoint = answer_change  # type: ignore[method-assign, assignment]
    ManagedPrefixList.cidrs = property(_networks)  # type: ignore[attr-defined]


def _check(backend: Any, given: dict[str, Any], old: Any = None) -> None:
    network, service = backend.get_vpc(given["vpc_id"]), given["service_name"]
    if f".{backend.region_name}." not in service and not service.startswith("com.amazonaws.s3-global"):
        _refuse("InvalidServiceName", f"The Vpc Endpoint Service '{service}' does not exist")
    zones: dict[str, str] = {}
    for subnet in map(backend.get_subnet, given.get("subnet_ids") or []):
        if subnet.vpc_id != network.id:
            _refuse("InvalidParameter", f"The subnet {subnet.id} does not belong to {network.id}")
        if other := zones.get(subnet.availability_zone):
            _refuse("DuplicateSubnetsInSameZone",
                    f"Found another VPC endpoint subnet in the availability zone of {subnet.id}: {other}")
        zones[subnet.availability_zone] = subnet.id
    for group_id in given.get("security_group_ids") or []:
        group = backend.get_security_group_from_id(group_id)
        if group is None or group.vpc_id != network.id:
            _refuse("InvalidGroup.NotFound", f"The security group '{group_id}' does not exist in {network.id}")
    for table in map(backend.get_route_table, given.get("route_table_ids") or []):
        if table.vpc_id != network.id:
            _refuse("InvalidParameter", f"The route table {table.id} does not belong to {network.id}")
    others = [one for one in backend.vpc_end_points.values()
              if one is not old and one.vpc_id == network.id and one.service_name == service]
    if taken := {table for one in others for table in one.route_table_ids} & {*(given.get("route_table_ids") or [])}:
        _refuse("RouteAlreadyExists", f"route table {min(taken)} already has a route to {service}")
    if given.get("private_dns_enabled") and _is_interface(given["endpoint_type"]):
        if not (network.enable_dns_support and network.enable_dns_hostnames):
            _refuse("InvalidParameter", "Enabling private DNS requires both enableDnsSupport and enableDnsHostnames "
                                        f"VPC attributes set to true for {network.id}")
        if any(one.private_dns_enabled and _is_interface(one.vpc_endpoint_type) for one in others):
            _refuse("InvalidParameter", f"private-dns-enabled cannot be set because there is already a conflicting DNS "
                                        f"domain for {service} in the VPC {network.id}")


def _stand(backend: Any, endpoint: Any, wanted: dict[str, list[str]]) -> None:
    """Bring an endpoint's routes, or its interfaces and names, to where it shall stand."""
    if not _is_interface(endpoint.vpc_endpoint_type):
        _route(backend, endpoint, wanted["route_table_ids"])
        return
    endpoint.security_group_ids = list(wanted["security_group_ids"])
    interfaces = {backend.enis[one].subnet.id: one for one in endpoint.network_interface_ids if one in backend.enis}
    for subnet_id in [one for one in interfaces if one not in wanted["subnet_ids"]]:
        backend.enis.pop(interfaces.pop(subnet_id))
    for subnet_id in [one for one in wanted["subnet_ids"] if one not in interfaces]:
        made = backend.create_network_interface(subnet_id, None, group_ids=endpoint.security_group_ids,
                                                description=f"VPC Endpoint Interface {endpoint.id}")
        made.interface_type, made.requester_managed, made.status = "vpc_endpoint", True, "in-use"
        interfaces[subnet_id] = made.id
    for one in interfaces.values():
        backend.enis[one]._group_set = [backend.get_security_group_from_id(group)
                                        for group in endpoint.security_group_ids]
    endpoint.subnet_ids, endpoint.network_interface_ids = list(interfaces), list(interfaces.values())
    endpoint.dns_entries = _names(backend, endpoint)


def _route(backend: Any, endpoint: Any, tables: list[str]) -> None:
    destination = endpoint.destination_prefix_list_id
    for table_id in [one for one in endpoint.route_table_ids if one not in tables]:
        table = backend.route_tables.get(table_id)
        for route in [one for one in table.routes if one.gateway_id == endpoint.id] if table else []:
            del table._routes[route.id]
    for table_id in [one for one in tables if one not in endpoint.route_table_ids]:
        backend.create_route(table_id, None, gateway_id=endpoint.id, destination_prefix_list_id=destination)
    endpoint.route_table_ids = list(tables)


def _names(backend: Any, endpoint: Any) -> list[dict[str, str]]:
    """Name an endpoint as AWS does: for the region, for each zone, and the service's own name where that is wanted.

    https://docs.aws.amazon.com/vpc/latest/privatelink/privatelink-access-aws-services.html
    """
    labels = endpoint.service_name.split(".")[3:]
    service, stem = ".".join(reversed(labels)), f"{endpoint.id}-{endpoint.id[-8:]}"
    zones = sorted(backend.get_subnet(one).availability_zone for one in endpoint.subnet_ids)
    domain = f"{service}.{backend.region_name}.vpce.amazonaws.com"
    names = [f"{stem}.{domain}", *(f"{stem}-{zone}.{domain}" for zone in zones)]
    entries = [{"dns_name": name, "hosted_zone_id": "Z38GZ743OKFT7T"} for name in names]
    if endpoint.private_dns_enabled:
        entries.append({"dns_name": f"{service}.{backend.region_name}.amazonaws.com",
                        "hosted_zone_id": f"Z{endpoint.id[-13:].upper()}"})
    return entries


def _changed(response: Any, name: str, old: list[str]) -> list[str]:
    member = {"subnet_ids": "SubnetIds", "security_group_ids": "SecurityGroupIds",
              "route_table_ids": "RouteTableIds"}[name]
    removed = response._get_param(f"Remove{member}", [])
    kept = [one for one in old or [] if one not in removed]
    return list(dict.fromkeys(itertools.chain(kept, response._get_param(f"Add{member}", []))))


def _keep_options(response: Any, endpoint: Any) -> None:
    given = response._get_param("DnsOptions") or {}
    if _is_interface(endpoint.vpc_endpoint_type) or given:
        endpoint.dns_options = {"DnsRecordIpType": "ipv4", **getattr(endpoint, "dns_options", {}), **given}


def _networks(prefix_list: Any) -> list[str]:
    return [entry["Cidr"] for entry in list(prefix_list.entries.values())[-1]] if prefix_list.entries else []


def _is_interface(kind: str | None) -> bool:
    return (kind or "").lower() == "interface"


def _refuse(code: str, message: str) -> None:
    from moto.ec2.exceptions import EC2ClientError

    raise EC2ClientError(code, message)
