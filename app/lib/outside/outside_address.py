"""A host that a tenant has typed: looked up once, checked, and connected to as it was checked.

Between the check and the connection no name is asked for again, so that it cannot lead elsewhere by
then (DNS rebinding). Whoever connects again checks again.
"""

import re
import socket
import ssl
from collections.abc import Callable, Collection, Sequence
from contextlib import suppress
from dataclasses import dataclass
from functools import cache
from ipaddress import ip_address

import dns.resolver
import idna
from dns.exception import DNSException

from app.lib.outside.networks import Address, PrivateNetwork, is_public
from app.lib.outside.timed_socket import left

WEB_PORTS = (443, 8443)
IMAP_PORTS = (143, 993)
LOOK_UP_SECONDS = 5.0
# Inside clouds and machines; they lead to what no address of ours may be.
INTERNAL_NAMES = ("localhost", "internal", "local", "metadata.goog")
NAME = re.compile(r"(?!-)[a-z0-9_-]{1,63}(\.[a-z0-9_-]{1,63})*", re.ASCII)

# One for all that can be wrong with it: what we see from where we stand is not for tenants to find
# out (port scans).
NOT_REACHED = (
    "This address could not be reached. Check that it is right, public, and that its server answers"
    " with a valid certificate."
)

Resolve = Callable[[str], Sequence[str]]


class Refused(OSError):
    """The address may not be called, or does not answer; the text is for the tenant."""


@dataclass(frozen=True)
class Checked:
    """All the addresses of a host, each of which may be reached at the port."""

    host: str
    """Its name in ASCII, for TLS (SNI) and the header Host; or an IP address."""
    port: int
    addresses: tuple[Address, ...]
    private: bool
    """In a network of the operator's, where it need not be encrypted."""


def look_up(name: str) -> Sequence[str]:
    """Its A and AAAA records, by DNS alone: no /etc/hosts, no search domains. Raises Refused."""
    try:
        found = dns.resolver.resolve_name(name, lifetime=LOOK_UP_SECONDS, search=False)
    except DNSException as error:
        raise Refused(NOT_REACHED) from error
    return list(found.addresses())


def checked_address(
    host: str,
    port: int,
    ports: Collection[int],
    private: Collection[PrivateNetwork] = (),
    resolve: Resolve = look_up,
) -> Checked:
    """The host, if every one of its addresses is public and the port one of those, or all lie in
    the operator's private networks. Raises Refused."""
    name = _ascii(host)
    addresses = _literal(name) or _resolved(name, resolve)
    if all(any(each.holds(one, port) for each in private) for one in addresses):
        return Checked(name, port, addresses, private=True)
    if port not in ports:
        raise Refused(f"Give one of the ports {', '.join(map(str, ports))}.")
    if _internal(name) or not all(map(is_public, addresses)):
        raise Refused(NOT_REACHED)
    return Checked(name, port, addresses, private=False)


def connect(checked: Checked, until: float) -> socket.socket:
    """A connection to the first of its addresses that answers by that time (monotonic). Raises
    Refused."""
    for place, address in enumerate(checked.addresses):
        # One that is silent leaves time for those after it.
        after = len(checked.addresses) - place
        with suppress(OSError):
            return socket.create_connection((str(address), checked.port), left(until) / after)
    raise Refused(NOT_REACHED)


def secured(connection: socket.socket, checked: Checked, until: float) -> ssl.SSLSocket:
    """TLS on a connection, from its begin or from STARTTLS on, with the certificate of the host's
    name. Raises Refused."""
    try:
        connection.settimeout(left(until))
        return tls().wrap_socket(connection, server_hostname=checked.host)
    except (OSError, ValueError) as error:
        connection.close()
        raise Refused(NOT_REACHED) from error


@cache
def tls() -> ssl.SSLContext:
    """Certificates are checked, by the authorities that this machine trusts."""
    return ssl.create_default_context()


def _ascii(host: str) -> str:
    name = host.strip().lower().removesuffix(".").removeprefix("[").removesuffix("]")
    try:
        name = name if name.isascii() else idna.encode(name, uts46=True).decode()
    except idna.IDNAError as error:
        raise Refused(NOT_REACHED) from error
    if len(name) > 253 or not (_literal(name) or NAME.fullmatch(name)):
        raise Refused(NOT_REACHED)
    return name


def _literal(name: str) -> tuple[Address, ...]:
    try:
        return (ip_address(name),)
    except ValueError:
        return ()


def _resolved(name: str, resolve: Resolve) -> tuple[Address, ...]:
    try:
        addresses = tuple(map(ip_address, resolve(name)))
    except ValueError as error:
        raise Refused(NOT_REACHED) from error
    if not addresses:
        raise Refused(NOT_REACHED)
    return addresses


def _internal(name: str) -> bool:
    return name.endswith(tuple(f".{each}" for each in INTERNAL_NAMES)) or name in INTERNAL_NAMES
