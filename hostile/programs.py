"""A business's own program, with a key of its own that may do everything, and another's ids."""

import json
from collections.abc import Iterator

from werkzeug.routing import Rule

from hostile.deck import Deck
from hostile.probe import Pairs, Probe
from hostile.rows import api_key

# Whoever is signed in: a key is all that counts.
NOBODY = "anonymous"
ROLES = (NOBODY, "tenant_admin", "stranger")
FALSE = "kv_1_" + "x" * 43


def probes(deck: Deck) -> Iterator[Probe]:
    if deck.person.role not in ROLES:
        return
    own = _with(api_key(deck.person.own))
    for rule in deck.rules:
        if rule.endpoint.startswith("api."):
            for method in sorted((rule.methods or set()) & {"GET", "POST", "PATCH"}):
                yield from _of(deck, rule, method, own)


def _of(deck: Deck, rule: Rule, method: str, own: Pairs) -> Iterator[Probe]:
    body = None if method == "GET" else json.dumps(_said(deck))

    def probe(path: str, headers: Pairs, no: bool) -> Probe:
        role = deck.person.role
        return Probe(role, rule.endpoint, method, path, json=body, headers=headers, no=no)

    for headers in ((), _with(FALSE)):
        yield probe(deck.path(rule), headers, no=True)
    if deck.person.role == NOBODY:
        # Whose program it is says who may see what it is told.
        return
    if rule.arguments:
        for id_ in deck.values.fill(rule, "id_", deck.person.foreign):
            yield probe(deck.path(rule, id_=id_), own, no=True)
    else:
        # A list tells nothing of theirs, and nothing is made for a customer of theirs.
        yield probe(deck.path(rule), own, no=False)


def _said(deck: Deck) -> dict[str, str]:
    """Somebody else's customer, in the words of all that can be made."""
    [first, *_] = deck.values.ids("customer", deck.person.foreign)
    when = "2030-05-06T10:00:00Z"
    return {"customer_id": first, "starts_at": when, "channel": "sms", "body": "Hello"}


def _with(key: str) -> Pairs:
    return (("Authorization", f"Bearer {key}"), ("If-Match", "*"))
