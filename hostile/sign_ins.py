"""The way to another business's provider, and back with nothing of it: it lets nobody in."""

from collections.abc import Iterator

from hostile.deck import Deck
from hostile.probe import Probe

NOBODY = "nobody"


def probes(deck: Deck) -> Iterator[Probe]:
    for rule in deck.rules:
        if rule.endpoint in ("sso.start", "sso.callback"):
            for slug in (deck.person.foreign.slug, NOBODY):
                path, query = deck.path(rule, slug=slug), (("code", "x"), ("state", "y"))
                yield Probe(deck.person.role, rule.endpoint, "GET", path, query, no=True)
