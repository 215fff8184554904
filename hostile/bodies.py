"""Every field of every form that holds a key, set to a foreign one; and what no form has."""

import json
from collections.abc import Iterator

from sqlalchemy import String

from hostile import table
from hostile.deck import JSON, Deck
from hostile.listening import heard_in_bodies, reads_json
from hostile.pages import Found
from hostile.probe import Pairs, Probe
from hostile.samples import completed
from hostile.tables import tables_with
from hostile.values import NO_IDS, foreign_keys

# What is unique among all businesses says that somebody has it: there is no other way.
TOLD = {
    "email": "an email signs in to one business only",
    "sms_from": "a number is one business's",
    "whatsapp_from": "a number is one business's",
    "slug": "the operator's to give",
}
# Of these the names are smuggled into every body.
SMUGGLED = ("tenant_id", "tenant", "id", "role", "entered_tenant_id", "public_id")
NONSENSE = ("\x00", "a" * 3000, str(2**70))


def probes(deck: Deck) -> Iterator[Probe]:
    yield from _own(deck)
    for found in _forms(deck):
        if not deck.allowed(found.endpoint) or table.open_to_all(found.endpoint):
            continue
        for form, strict in _forged(deck, found):
            yield from _sent(deck, found, form, strict)
        own = completed(found.form or (), deck.keys)
        plain = next(_sent(deck, found, own, strict=True))
        token = (("X-CSRFToken", deck.their_token),)
        yield plain.but(headers=token, no=True, twin=False)


def _own(deck: Deck) -> Iterator[Probe]:
    """Every form of their own pages as it is meant: what is looked for elsewhere could happen."""
    for found in deck.offered:
        if found.form is not None and deck.allowed(found.endpoint):
            own = completed(found.form, deck.keys)
            yield from _sent(deck, found, own, strict=False)


def _forms(deck: Deck) -> Iterator[Found]:
    """The fullest that pages post to each route; and of the routes to which none does."""
    fullest: dict[tuple[str, str], Found] = {}
    for each in sorted(deck.offered, key=lambda found: -len(found.form or ())):
        if each.form is not None:
            fullest.setdefault((each.endpoint, each.method), each)
    yield from fullest.values()
    known = {endpoint for endpoint, _ in fullest}
    for rule in deck.rules:
        unsafe = (rule.methods or set()) & {"POST", "PUT"}
        if unsafe and rule.endpoint not in known and not table.open_to_all(rule.endpoint):
            method = max(unsafe)
            yield Found(rule.endpoint, method, deck.path(rule), (), deck.form(rule.endpoint))


def _forged(deck: Deck, found: Found) -> Iterator[tuple[Pairs, bool]]:
    """Forms, and whether nothing at all may come of them."""
    form, foreign = completed(found.form or (), deck.keys), deck.person.foreign
    # What the view asks its bodies for.
    read, on_page = heard_in_bodies[found.endpoint], found in deck.offered
    names = dict.fromkeys([*(name for name, _ in form if on_page or name in read), *sorted(read)])
    for name in names:
        kind = deck.key(name, found.endpoint)
        known = kind == "tenant" or table.of_the_platform(found.endpoint)
        for id_ in deck.values.ids(kind, foreign) if kind else ():
            yield _with(form, name, id_), not known
        for value in (*(NO_IDS[-3:] if kind else NONSENSE), *_texts(deck, name)):
            yield _with(form, name, value), False
    smuggled = dict.fromkeys(SMUGGLED, "tenant") | foreign_keys()
    theirs = {name: deck.values.ids(kind, foreign)[0] for name, kind in smuggled.items()}
    for name in (each for each in SMUGGLED if each not in names):
        yield _with(form, name, theirs[name]), False
    unread = {name: id_ for name, id_ in theirs.items() if name not in names}
    yield (*(pair for pair in form if pair[0] not in unread), *unread.items()), False


def _texts(deck: Deck, name: str) -> list[str]:
    """What the other business has under that name: its client tokens, its own numbers."""
    last, owner = name.rpartition("-")[2], deck.person.foreign.id
    found = []
    for each in tables_with(last):
        if "tenant_id" in each.c and isinstance(each.c[last].type, String):
            found += deck.values.texts(each.name, last, owner)
    return [*found, *(text.removeprefix("posted-") for text in found)][:4]


def _with(form: Pairs, name: str, value: str) -> Pairs:
    return (*(pair for pair in form if pair[0] != name), (name, value))


def _sent(deck: Deck, found: Found, form: Pairs, strict: bool) -> Iterator[Probe]:
    known = table.of_the_platform(found.endpoint) or any(
        name.rpartition("-")[2] in TOLD and deck.person.words.foreign(value) for name, value in form
    )
    one = Probe(
        deck.person.role,
        found.endpoint,
        found.method,
        found.path,
        found.query,
        form,
        strict=strict,
        twin=not known,
    )
    yield one
    names = [name for name, _ in form]
    if found.endpoint in reads_json and len(set(names)) == len(names):
        yield one.but(form=None, json=json.dumps(dict(form)), headers=JSON)
