"""Somebody's way to their provider and back: what comes back is taken once, in time, from the
browser that was sent, and for the business that it was sent for."""

import time
from dataclasses import asdict, dataclass
from hmac import compare_digest

from flask import request, session

from app.providers.openid import Authorization, begun
from app.users.sso.business_provider import BusinessProvider

KEY = "sso_trip"
# For so many seconds.
HOLDS = 600


@dataclass(frozen=True)
class Trip:
    one: Authorization
    target: str
    """Where they wanted to go: a path of ours."""
    trial: bool
    """An admin tries what is set: nobody is signed in."""


def way_there(provider: BusinessProvider, target: str, hint: str = "", trial: bool = False) -> str:
    """Where the browser is sent. Raises OpenIDError."""
    url, one = begun(provider.client, hint)
    said = {"slug": provider.slug, "target": target, "trial": trial, "began": time.time()}
    session[KEY] = said | asdict(one)
    return url


def brought_back(slug: str) -> Trip | None:
    """None: this browser was not sent there for that business, or too long ago, or is back
    already."""
    said = session.pop(KEY, None)
    if said is None or said["slug"] != slug:
        return None
    told = request.args.get("state", "")
    ours = compare_digest(said["state"].encode(), told.encode())
    if not ours or not time.time() - HOLDS < said["began"] <= time.time():
        return None
    one = Authorization(said["state"], said["nonce"], said["verifier"])
    return Trip(one, said["target"], said["trial"])
