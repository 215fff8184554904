"""Which IP addresses are on the public internet, and lead nowhere else."""

from dataclasses import dataclass
from ipaddress import (
    IPv4Address,
    IPv4Network,
    IPv6Address,
    IPv6Network,
    ip_address,
    ip_network,
)

Address = IPv4Address | IPv6Address

# All that is given out for machines (https://www.iana.org/assignments/ipv6-address-space): to
# `ipaddress` much of the rest is global, too, such as ::127.0.0.1 and fec0::1.
UNICAST = IPv6Network("2000::/3")
# RFC 6052: its last 32 bits are an IPv4 address.
NAT64 = IPv6Network("64:ff9b::/96")
# Where clouds tell a machine its secrets; Azure's looks public.
METADATA = frozenset(
    map(
        ip_address,
        ("169.254.169.254", "168.63.129.16", "100.100.100.200", "fd00:ec2::254", "fd20:ce::254"),
    )
)


@dataclass(frozen=True)
class PrivateNetwork:
    """What the operator lets tenants reach though it is not public."""

    network: IPv4Network | IPv6Network
    port: int | None
    """None: any."""

    def holds(self, address: Address, port: int) -> bool:
        there = destination(address)
        allowed = there in self.network and there not in METADATA
        return allowed and self.port in (None, port)


def parse(text: str) -> PrivateNetwork:
    """10.0.0.0/8, 127.0.0.1:8080, fd00::/8 or [fd00::/8]:993. Raises ValueError."""
    network, colon, port = text.rpartition(":")
    if not colon or (":" in network and not network.endswith("]")):
        network, port = text, ""
    if port and not 0 < int(port) < 65536:
        raise ValueError("It is no port.")
    return PrivateNetwork(ip_network(network.strip("[]")), int(port) if port else None)


def is_public(address: Address) -> bool:
    """Whether it is some machine's on the public internet, wherever it leads."""
    there = destination(address)
    if there in METADATA or there.is_multicast or not there.is_global:
        return False
    return isinstance(there, IPv4Address) or there in UNICAST


def destination(address: Address) -> Address:
    """Where a packet to it ends: an IPv4 address may be written, or tunnelled, as an IPv6 one."""
    if isinstance(address, IPv4Address):
        return address
    if address in NAT64:
        return IPv4Address(int(address) & 0xFFFFFFFF)
    teredo = address.teredo
    return address.ipv4_mapped or address.sixtofour or (teredo and teredo[1]) or address
