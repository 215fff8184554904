"""Where on the business's site a visitor is, as their browser says: text that nobody trusts."""

from urllib.parse import urlsplit

from app.lib.text.cleaning import clean, one_line
from app.models import ChatSession
from app.webchat.visitor_sessions import LONGEST_TITLE, LONGEST_URL


def take(session: ChatSession, url: str, title: str) -> None:
    """Keep it without what follows the path, in which sites carry names and keys. The caller
    commits."""
    session.page_url = _address(clean(url)) or session.page_url
    session.page_title = one_line(clean(title))[:LONGEST_TITLE] if url else session.page_title


def _address(url: str) -> str:
    try:
        parts = urlsplit(url)
        host = parts.hostname
    except ValueError:
        return ""
    if parts.scheme not in ("http", "https") or not host:
        return ""
    return f"{parts.scheme}://{parts.netloc.rpartition('@')[2]}{parts.path}"[:LONGEST_URL]
