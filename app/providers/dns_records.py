"""What the DNS says of a domain that emails come from; asked shortly, and never for long."""

from functools import lru_cache

from dns.exception import DNSException
from dns.resolver import NXDOMAIN, Resolver

# For one question, with all that are asked until one answers.
SECONDS = 2.0


class DnsAway(Exception):
    """Nobody answered, or made no sense: nothing is known."""


def texts(name: str, server: tuple[str, int] | None = None) -> list[str] | None:
    """The TXT records of the name; None: there is no such name, nor any below it (RFC 8020). The
    server, an address and a port, is asked in the place of this machine's. Raises DnsAway."""
    try:
        answer = _resolver(server).resolve(name, "TXT", lifetime=SECONDS, raise_on_no_answer=False)
    except NXDOMAIN:
        return None
    except (DNSException, OSError, ValueError) as error:
        raise DnsAway from error
    # A text is kept in pieces of 255 octets, which belong together (RFC 7208, 3.3).
    return [b"".join(record.strings).decode("utf-8", "replace") for record in answer.rrset or ()]


@lru_cache(maxsize=1)
def _resolver(server: tuple[str, int] | None) -> Resolver:
    """Raises DNSException where this machine has none."""
    if server is None:
        return Resolver()
    resolver = Resolver(configure=False)
    resolver.nameservers, resolver.port = [server[0]], server[1]
    return resolver
