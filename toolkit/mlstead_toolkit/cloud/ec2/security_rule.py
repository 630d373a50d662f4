"""Rules of security groups: moto forgets what is said of a rule for a group or a prefix list, and changes only IPv4."""

from __future__ import annotations

from typing import Any

_SOURCES = ("CidrIpv4", "CidrIpv6", "PrefixListId", "ReferencedGroupId")


def install() -> None:
    """Keep descriptions, refuse prefix lists that do not exist, and change a rule as a whole."""
    from moto.ec2.models import EC2Backend
    from moto.ec2.models.security_groups import SecurityGroupRule

    make, iterate = SecurityGroupRule.__init__, EC2Backend._iterate_security_rules

    def make_rule(rule: Any, *arguments: Any, **named: Any) -> None:
        make(rule, *arguments, **named)
        prefix_list = arguments[7] if len(arguments) > 7 else named.get("prefix_list_id")
        rule.prefix_list = dict(prefix_list or {})

    def iterate_rules(backend: Any, *arguments: Any, **named: Any) -> Any:
        for rule in iterate(backend, *arguments, **named):
            _refuse_unknown_list(backend, rule.prefix_list_id)
            yield rule

    SecurityGroupRule.__init__ = make_rule  # type: ignore[method-assign, assignment]
    SecurityGroupRule.description = property(_description)  # type: ignore[assignment]
    EC2Backend._iterate_security_rules = iterate_rules  # type: ignore[method-assign, assignment]
    EC2Backend.modify_security_group_rules = _modify  # type: ignore[method-assign, assignment]


def _description(rule: Any) -> str | None:
    said = (source.get("Description") for source in (rule.ip_range, rule.source_group, rule.prefix_list))
    return next((text for text in said if text), None)


def _modify(backend: Any, group_id: str, rules: dict[str, dict[str, Any]]) -> None:
    from moto.ec2.exceptions import (
        EC2ClientError,
        InvalidSecurityGroupNotFoundError,
        InvalidSecurityGroupRuleIdNotFoundError,
    )
    from moto.ec2.models.security_groups import SecurityGroupRule

    group = backend.get_security_group_from_id(group_id)
    if group is None:
        raise InvalidSecurityGroupNotFoundError(group_id)
    for rule_id, new in rules.items():
        rule = group.get_rule(rule_id)
        if rule is None:
            raise InvalidSecurityGroupRuleIdNotFoundError(rule_id)
        given = [name for name in _SOURCES if new.get(name)]
        if given != [_source(rule)]:
            raise EC2ClientError("InvalidParameterValue", f"Invalid rule type for security group rule '{rule_id}'. You "
                                 f"may not specify {', '.join(given) or 'nothing'} for a {_source(rule)} rule.")
        if new.get("ReferencedGroupId") and backend.get_security_group_from_id(new["ReferencedGroupId"]) is None:
            raise InvalidSecurityGroupNotFoundError(new["ReferencedGroupId"])
        _refuse_unknown_list(backend, new.get("PrefixListId"))
        said = {"Description": new["Description"]} if new.get("Description") else {}
        owner = {"OwnerId": backend.account_id, "UserId": backend.account_id}
        ranges = {key: new[name] for name, key in (("CidrIpv4", "CidrIp"), ("CidrIpv6", "CidrIpv6")) if new.get(name)}
        changed = SecurityGroupRule(
            backend, new["IpProtocol"], group_id, new.get("FromPort", -1), new.get("ToPort", -1),
            {**ranges, **said} if ranges else None,
            {"GroupId": new["ReferencedGroupId"], **owner, **said} if new.get("ReferencedGroupId") else None,
            {"PrefixListId": new["PrefixListId"], **said} if new.get("PrefixListId") else None,
            is_egress=rule.is_egress)
        changed.id = rule.id
        side = group.egress_rules if rule.is_egress else group.ingress_rules
        side[side.index(rule)] = changed


def _source(rule: Any) -> str:
    if rule.source_group:
        return "ReferencedGroupId"
    if rule.prefix_list_id:
        return "PrefixListId"
    return "CidrIpv4" if rule.cidr_ipv4 else "CidrIpv6"


def _refuse_unknown_list(backend: Any, prefix_list_id: str | None) -> None:
    from moto.ec2.exceptions import EC2ClientError

    if prefix_list_id is not None and prefix_list_id not in backend.managed_prefix_lists:
        raise EC2ClientError("InvalidPrefixListID.NotFound", f"The prefix list ID '{prefix_list_id}' does not exist")
