"""A business's live chat: switched on and off, and set up."""

import html
from collections.abc import Mapping, Sequence
from datetime import datetime

from sqlalchemy import func, select

from app.extensions import db, settings, vault
from app.lib.colours import HEX
from app.lib.text.cleaning import clean, one_line
from app.lib.vault import VaultError
from app.models import ChatSession, ChatSettings, IdentityMode, Tenant
from app.streams import door
from app.tenancy import current_tenant_id
from app.webchat.chat_sites import origins
from app.webchat.visitor_identity import new_secret

LONGEST_GREETING = 300


class BadChat(ValueError):
    """The text says in a person's words what to put right."""


def stored() -> ChatSettings | None:
    """Of the tenant in scope; None: it never had a chat."""
    return db.session.get(ChatSettings, current_tenant_id())


def switched_on() -> ChatSettings | None:
    """Its chat, if it has one that some site may show."""
    found = stored()
    return found if found and found.enabled and found.sites else None


def of_tenant() -> ChatSettings:
    """What is stored, or what is to be, in the caller's transaction."""
    found = stored()
    if found is None:
        found = ChatSettings(tenant_id=current_tenant_id())
        db.session.add(found)
        db.session.flush()
    return found


def enable(sites: str, now: datetime) -> ChatSettings:
    """Let it be shown on these sites. The caller commits. Raises BadSite and BadChat."""
    wanted = origins(sites)
    if not wanted:
        raise BadChat("name at least one site, such as https://www.salon.example")
    chat = of_tenant()
    chat.sites, chat.enabled, chat.changed_at = wanted, True, now
    return chat


def dress(chat: ChatSettings, colour: str, side: str, greetings: Mapping[str, str]) -> None:
    """How it looks and what it says first. The caller commits. Raises BadChat."""
    if not HEX.fullmatch(colour.strip().lower()):
        raise BadChat("Write the colour like #0f766e.")
    if side not in ("left", "right"):
        raise BadChat("Choose a side for the button.")
    said = {language: one_line(clean(text)) for language, text in greetings.items()}
    if any(len(text) > LONGEST_GREETING for text in said.values()):
        raise BadChat(f"A greeting has at most {LONGEST_GREETING} characters.")
    chat.colour, chat.side = colour.strip().lower(), side
    chat.greetings = {language: text for language, text in said.items() if text}


def rotate_secret(chat: ChatSettings) -> str:
    """The new one, told once; the one before holds beside it, and the one before that no more. The
    caller commits."""
    secret = new_secret()
    chat.old_identity_secret_sealed = chat.identity_secret_sealed
    chat.identity_secret_sealed = vault().seal(secret)
    return secret


def drop_old_secret(chat: ChatSettings) -> None:
    """Only the present one holds from now on. The caller commits."""
    chat.old_identity_secret_sealed = None


def secrets_of(chat: ChatSettings) -> Sequence[str]:
    """Those that hold, the present one first; one that cannot be read holds no more."""
    found = []
    for sealed in (chat.identity_secret_sealed, chat.old_identity_secret_sealed):
        try:
            found += [vault().open(sealed)] if sealed else []
        except VaultError:
            continue
    return found


def unsigned_since(since: datetime) -> int:
    """How many visitors' sessions have begun since then whom the site has not signed in."""
    query = select(func.count(ChatSession.id)).where(
        ChatSession.last_seen_at >= since,
        ChatSession.created_at >= since,
        ChatSession.identity.is_(None),
    )
    return db.session.scalar(query) or 0


def asks_to_sign_in(chat: ChatSettings) -> bool:
    """Whether only those write whom the site has signed in."""
    return chat.identity_mode == IdentityMode.ENFORCE


def line(tenant: Tenant) -> str:
    """The line of HTML for the business's pages."""
    address = f"{settings().public_url}/chat/{tenant.slug}/widget.js"
    return f'<script async src="{html.escape(address)}"></script>'


def policy() -> str:
    """What a site with a Content Security Policy adds to it."""
    origin = door.origin(settings().public_url)
    return f"script-src {origin}; frame-src {origin}"
