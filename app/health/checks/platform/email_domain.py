"""Whether the domain that emails come from vouches for them: SPF, DKIM and DMARC.

Without them large mail services put emails aside or refuse them.
https://support.google.com/a/answer/81126
"""

from collections.abc import Callable
from datetime import datetime
from functools import partial

from app.extensions import settings
from app.health.check import Check
from app.health.finding import Verdict, ok, warning
from app.providers.contract import Outcome, SendError
from app.providers.dns_records import DnsAway, texts

# The TXT records of a name; None: neither it nor a name below it is there.
Lookup = Callable[[str], list[str] | None]

# Names that nobody can own (RFC 2606, RFC 6761): there is nothing to look up.
SAMPLES = ("example", "test", "invalid", "localhost", "local")
AWAY = SendError("The DNS could not be asked about the domain of EMAIL_FROM.", Outcome.RETRY)
NO_SPF = "it has no SPF record"
TWO_SPF = "it has several SPF records, which counts as none"
OPEN_SPF = "its SPF record (+all) lets everybody write in its name"
NO_DKIM = "it has no DKIM key"
NO_DMARC = "it has no DMARC record"


def look(now: datetime) -> Verdict | None:
    """None where no emails are sent, or the domain is a sample and no stand-in knows it. Raises
    SendError where the DNS could not be asked."""
    domain, server = (settings().email_from or "").rpartition("@")[2], settings().dns_server
    if not domain or (server is None and domain.rpartition(".")[2] in SAMPLES):
        return None
    try:
        return judge(domain, partial(texts, server=server))
    except DnsAway as error:
        raise AWAY from error


def judge(domain: str, lookup: Lookup) -> Verdict:
    wrong = [*_spf(domain, lookup), *_dkim(domain, lookup), *_dmarc(domain, lookup)]
    if not wrong:
        return ok(f"{domain} vouches for our emails: SPF, DKIM and DMARC are there.")
    return warning(
        f"Emails may end among spam: of {domain} the DNS says that {'; '.join(wrong)}.",
        f"Add to the DNS of {domain} what your mail service tells you to (SPF, DKIM, DMARC).",
    )


def _spf(domain: str, lookup: Lookup) -> list[str]:
    """RFC 7208, 3.2 and 4.5."""
    found = [text.lower() for text in lookup(domain) or () if _begins(text, "v=spf1")]
    if len(found) != 1:
        return [TWO_SPF if found else NO_SPF]
    return [OPEN_SPF] if {"all", "+all"}.intersection(found[0].split()) else []


def _dkim(domain: str, lookup: Lookup) -> list[str]:
    """A key stands under a name that only the mail service knows (RFC 6376, 3.6.2.1), but where
    there is one, the name above it is there, too."""
    return [] if lookup(f"_domainkey.{domain}") is not None else [NO_DKIM]


def _dmarc(domain: str, lookup: Lookup) -> list[str]:
    """Its own record, else that of a domain above it (RFC 7489, 6.6.3)."""
    parts = domain.split(".")
    above = [".".join(parts[start:]) for start in range(len(parts) - 1)]
    found = (_has_dmarc(name, lookup) for name in above)
    return [] if any(found) else [NO_DMARC]


def _has_dmarc(name: str, lookup: Lookup) -> bool:
    return any(_begins(text, "v=dmarc1") for text in lookup(f"_dmarc.{name}") or ())


def _begins(text: str, tag: str) -> bool:
    rest = text.lower().removeprefix(tag)
    return text.lower().startswith(tag) and not rest[:1].isalnum()


CHECK = Check(
    "email_domain", 85, "What the DNS says of the domain of EMAIL_FROM.", look, outside=True
)
