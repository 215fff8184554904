"""Every route by every method, with every argument their own, foreign and nonsense."""

import json
from collections.abc import Iterator
from itertools import product

from werkzeug.routing import Rule

from hostile import table
from hostile.deck import JSON, Deck
from hostile.probe import Probe
from hostile.values import nonsense, own_arguments

METHODS = ("GET", "POST", "PUT", "PATCH", "DELETE")


def probes(deck: Deck) -> Iterator[Probe]:
    for rule in deck.rules:
        # What is open to whoever was told its address has probes of its own: links, webhooks.
        if rule.arguments - {"filename"} and table.open_to_all(rule.endpoint):
            continue
        for method in METHODS:
            yield from _own(deck, rule, method)
            if method in (rule.methods or ()) and rule.arguments:
                yield from _foreign(deck, rule, method)
                if deck.allowed(rule.endpoint):
                    yield from _nonsense(deck, rule, method)


def _own(deck: Deck, rule: Rule, method: str) -> Iterator[Probe]:
    choices = own_arguments(deck.values, rule, deck.person.own)
    for values in product(*choices.values()):
        path = deck.path(rule, **dict(zip(choices, values, strict=True)))
        yield from _bodies(deck, method, path, strict=False)


def _bodies(
    deck: Deck, method: str, path: str, strict: bool, twin: bool = False
) -> Iterator[Probe]:
    """As a form and as JSON, to be answered by a page or by JSON."""
    endpoint = deck.match(method, path)
    allowed = deck.allowed(endpoint)
    plain = Probe(
        deck.person.role,
        endpoint,
        method,
        path,
        strict=strict or not allowed,
        twin=twin,
        no=not allowed,
    )
    if method == "GET":
        yield plain
        if endpoint:
            yield plain.but(headers=JSON)
        return
    form = deck.form(endpoint)
    yield plain.but(form=form)
    if endpoint:
        yield plain.but(json=json.dumps(dict(form)), headers=JSON)


def _foreign(deck: Deck, rule: Rule, method: str) -> Iterator[Probe]:
    """Each argument alone, and all of them."""
    theirs = own_arguments(deck.values, rule, deck.person.foreign)
    ours = own_arguments(deck.values, rule, deck.person.own)
    keys = {name: ids for name, ids in theirs.items() if ids != ours[name]}
    others = {name: each for name, each in ours.items() if name not in keys}
    for other in product(*others.values()):
        kept = dict(zip(others, other, strict=True))
        mixed = [{name: id_} for name, ids in keys.items() for id_ in ids]
        whole = [{name: ids[0] for name, ids in keys.items()}] if len(keys) > 1 else []
        for given in mixed + whole:
            path = deck.path(rule, **kept, **given)
            # The operator knows all businesses.
            known = table.of_the_platform(rule.endpoint) and deck.allowed(rule.endpoint)
            yield from _bodies(deck, method, path, strict=not known, twin=not known)


def _nonsense(deck: Deck, rule: Rule, method: str) -> Iterator[Probe]:
    choices = own_arguments(deck.values, rule, deck.person.own)
    for name in choices:
        for value in nonsense(argument=True):
            path = deck.path(rule, **{name: value})
            yield next(_bodies(deck, method, path, strict=True))
