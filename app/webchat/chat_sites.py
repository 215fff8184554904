"""The sites whose pages may show a business's chat, as origins (RFC 6454)."""

import re
from collections.abc import Sequence
from urllib.parse import SplitResult, urlsplit

import idna

MOST = 20
LONGEST = 200
# A source of CSP: nothing that could begin another one, or another directive.
HOST = re.compile(r"(\*\.)?[a-z0-9]([a-z0-9.-]*[a-z0-9])?|\[[0-9a-f:]+\]")


class BadSite(ValueError):
    """The text says in a person's words what to put right."""


def origins(typed: str) -> list[str]:
    """What was typed, separated by blanks, lines or commas, each once. Raises BadSite."""
    found = list(dict.fromkeys(map(origin, typed.replace(",", " ").split())))
    if len(found) > MOST:
        raise BadSite(f"{MOST} sites are taken at most.")
    return found


def origin(typed: str) -> str:
    """https://salon.example of https://Salon.example/contact?x=1; without a scheme it is https.
    A leading *. stands for all names below. Raises BadSite."""
    wrong = BadSite(f"“{typed[:80]}” is no site. Write it like https://www.salon.example.")
    # Before IDNA, which takes its time over a long name.
    if len(typed) > LONGEST:
        raise wrong
    try:
        parts = urlsplit(typed if "://" in typed else f"https://{typed}")
        host, port = _host(parts.hostname or ""), parts.port
    except ValueError:
        raise wrong from None
    if parts.scheme not in ("http", "https") or parts.username:
        raise wrong
    if not HOST.fullmatch(host) or ".." in host:
        raise wrong
    usual = {"http": 80, "https": 443}[parts.scheme]
    return f"{parts.scheme}://{host}" + (f":{port}" if port and port != usual else "")


def _host(name: str) -> str:
    """In ASCII, as browsers have it (IDNA 2008, UTS 46). Raises ValueError."""
    if ":" in name:
        return f"[{name}]"
    labels = name.lower().split(".")
    return ".".join(
        each if each == "*" else idna.encode(each, uts46=True).decode() for each in labels
    )


def is_of(url: str, sites: Sequence[str]) -> bool:
    """Whether a page is of one of the sites, as browsers see it (CSP Level 3, 6.7.2.8: http means
    https, too)."""
    try:
        here = urlsplit(origin("://".join(urlsplit(url)[:2])))
    except ValueError:
        return False
    return any(_fits(here, urlsplit(site)) for site in sites)


def _fits(here: SplitResult, site: SplitResult) -> bool:
    schemes, name, wanted = (site.scheme, here.scheme), here.hostname or "", site.hostname or ""
    below = wanted.startswith("*.") and name.endswith(wanted[1:])
    known = schemes[0] == schemes[1] or schemes == ("http", "https")
    return known and (below or name == wanted) and here.port == site.port


def frame_ancestors(sites: Sequence[str]) -> str:
    """The directive of CSP that lets their pages frame ours, and nobody else's."""
    return " ".join(("frame-ancestors", *(sites or ("'none'",))))
