"""Who may come in: whoever has a key of the business, for what its scopes say."""

from flask import g, request
from limits import parse_many
from werkzeug.datastructures import WWWAuthenticate
from werkzeug.exceptions import Unauthorized

from app.api_keys import keys
from app.audit.acting import Actor, acting_as
from app.lib.time.clock import now
from app.models import ApiKey
from app.tenancy import tenant_scope
from app.web.guards.problem import Problem
from app.web.guards.strangers import refuse
from app.web.sign_in.tries import Counter, TooManyTries, count

OFTEN = parse_many("600 per minute")
NO_KEY = "Send your key as Authorization: Bearer kv_…; it may have ended."


class NoKey(Unauthorized):
    plain = NO_KEY

    def __init__(self) -> None:
        super().__init__(www_authenticate=WWWAuthenticate("bearer"))


def enter(scope: str) -> ApiKey:
    """Come into the business of the request's key, until its end. Raises Problem and NoKey."""
    said = request.authorization
    whole = (said.token or "") if said and said.type == "bearer" else ""
    tenant_id = keys.business_of(whole)
    if tenant_id is None:
        refuse(NoKey())
    # Left as the scope of whoever is signed in is (guards/access.py).
    g.tenant_scope = tenant_scope(tenant_id)
    g.tenant_scope.__enter__()
    key = keys.found(whole, now())
    if key is None:
        refuse(NoKey())
    _count(key)
    if scope not in key.scopes:
        raise Problem(403, f"This key has no scope {scope}. Make one that has it.")
    keys.note_use(key, now())
    # Likewise: what it changes stands in the log of changes under its name.
    g.acting = acting_as(Actor(None, f"{key.name} (API key)", by_operator=False))
    g.acting.__enter__()
    return key


def _count(key: ApiKey) -> None:
    try:
        count([Counter(OFTEN, ("api", str(key.tenant_id), str(key.id)))])
    except TooManyTries as refused:
        seconds = refused.retry_after if isinstance(refused.retry_after, int) else 60
        wait = f"Too many requests. Wait {seconds} seconds."
        raise Problem(429, wait, headers={"Retry-After": str(seconds)}) from None
