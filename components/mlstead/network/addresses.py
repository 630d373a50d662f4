"""How a network's addresses are shared out, so that one more zone moves nothing that is there."""

from __future__ import annotations

from dataclasses import dataclass
from ipaddress import IPv4Network
from typing import Self

from mlstead.refusal import Refusal

# https://datatracker.ietf.org/doc/html/rfc1918
_PRIVATE = tuple(IPv4Network(block) for block in ("10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16"))
_LARGEST, _SMALLEST = 16, 20


@dataclass(frozen=True)
class NetworkAddresses:
    """Blocks of addresses of one network.

    Args:
        private: for private subnets, one a zone, a quarter of the network each; three of them.
        public: for the public subnet of a way out to the internet, a sixteenth of the last quarter.
    """

    private: tuple[str, str, str]
    public: str

    @classmethod
    def of(cls, cidr: str, where: str) -> Self:
        """Share a block out.

        Raises:
            Refusal: it is no block, not private (RFC 1918), larger than /16 or smaller than /20.
        """
        try:
            block = IPv4Network(cidr)
        except ValueError as error:
            raise Refusal(f"{cidr!r} is no block of addresses: {error}.", where=where,
                          fix=f"write one as 10.64.0.0/16, of /{_LARGEST} to /{_SMALLEST}") from None
        if not any(block.subnet_of(private) for private in _PRIVATE):
            raise Refusal(f"{cidr} is not private.", where=where,
                          fix=f"take a block of /{_LARGEST} to /{_SMALLEST} in {', '.join(map(str, _PRIVATE))}")
        if not _LARGEST <= block.prefixlen <= _SMALLEST:
            raise Refusal(
                f"{cidr} has {block.num_addresses} addresses.", where=where,
                fix=f"take a block of /{_LARGEST}, the largest that a VPC may have, to /{_SMALLEST}: every instance of "
                    "a job and every endpoint of a service needs addresses of its own",
            )
        first, second, third, last = block.subnets(prefixlen_diff=2)
        return cls((str(first), str(second), str(third)), str(next(last.subnets(prefixlen_diff=4))))
