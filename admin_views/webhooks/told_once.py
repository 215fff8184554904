"""A new secret on its way to the page that tells it once: sealed, in the session of who made it, so
that whoever reloads that page makes no other."""

from flask import session

from app.extensions import vault
from app.lib.vault import VaultError

KEY = "told_once"


def keep(what: str, secret: str) -> None:
    """For the next look at the page of that."""
    session[KEY] = [what, vault().seal(secret)]


def take(what: str) -> str:
    """What was kept for it, and is no more; empty: nothing."""
    kept = session.get(KEY)
    if not kept or kept[0] != what:
        return ""
    del session[KEY]
    try:
        return vault().open(kept[1])
    except VaultError:
        return ""
