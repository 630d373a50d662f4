"""Blocks of addresses, as a rule reads them."""

from __future__ import annotations

from ipaddress import ip_network

from mlstead_toolkit.policies.block import Malformed

_WIDEST = {4: 8, 6: 32}  # what a registry hands out at most: anything wider is not somebody's network


def anywhere(cidr: str) -> bool:
    """Tell whether a block is the internet, or so much of it that it names nobody: 0.0.0.0/0, 128.0.0.0/1, ::/0.

    Raises:
        Malformed: it is no block of addresses.
    """
    try:
        network = ip_network(cidr, strict=False)
    except ValueError as error:
        raise Malformed(f"{cidr!r} is no block of addresses") from error
    return network.prefixlen < _WIDEST[network.version] and not network.is_private
