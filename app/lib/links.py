"""Addresses of the web that somebody entered, and others will follow."""

from urllib.parse import urlsplit


def is_page(link: str) -> bool:
    """Whether a browser can be sent there: http or https, a host and a port that can be. What is
    signed in to (https://name@host/) is none, as it looks as if it led to «name»."""
    try:
        parts = urlsplit(link)
        host = (parts.hostname or "").encode("idna")
        return parts.scheme in ("http", "https") and bool(host) and _plain(parts.netloc, parts.port)
    except ValueError:
        return False


def _plain(netloc: str, port: int | None) -> bool:
    return port != 0 and "@" not in netloc and "\\" not in netloc
