"""Every word of an address that a view reads, with what only the other business has."""

from collections.abc import Iterator

from hostile import table
from hostile.deck import JSON, Deck
from hostile.listening import heard, tells_json
from hostile.probe import Pairs, Probe
from hostile.values import NO_IDS, foreign_keys

# Their own words are tried by panels.py.
OF_PANELS = ("index_view", "export", "ajax_lookup")
# Where a list goes on, as the inbox writes it: a time and an id.
CURSORS = ("2026-11-18T17:00:00+00:00_{id}", "9999-12-31T23:59:59+00:00_{id}", "9_9", "\x00_\x00")
ODD = ("", "1", "\x00", "%", "' & ! ( ) : * \\ <->", str(2**70), "a" * 3000, "2026-11-19")


def probes(deck: Deck) -> Iterator[Probe]:
    for rule in deck.rules:
        if "GET" not in (rule.methods or ()) or not deck.allowed(rule.endpoint):
            continue
        if table.open_to_all(rule.endpoint) or table.of_the_platform(rule.endpoint):
            continue
        path = deck.path(rule)
        for query in _queries(deck, rule.endpoint):
            one = Probe(deck.person.role, rule.endpoint, "GET", path, query, twin=True)
            yield one
            if rule.endpoint in tells_json:
                yield one.but(headers=JSON)
    for found in deck.offered:
        # What a page offers, with everything else that its view reads.
        if found.method == "GET" and found.query and deck.allowed(found.endpoint):
            yield Probe(deck.person.role, found.endpoint, "GET", found.path, found.query)


def _queries(deck: Deck, endpoint: str) -> Iterator[Pairs]:
    words, foreign = deck.person.words, deck.person.foreign
    yield tuple((name, deck.values.ids(kind, foreign)[0]) for name, kind in foreign_keys().items())
    customers = deck.values.ids("customer", foreign)[:1] + deck.values.ids("message", foreign)[:1]
    for name in () if endpoint.endswith(OF_PANELS) else sorted(heard[f"GET {endpoint}"]):
        kind = deck.key(name, endpoint)
        ids = deck.values.ids(kind, foreign) if kind else customers
        texts = (words.word[1:], words.word[:-1], words.slug[1:], *words.numbers)
        for value in (*ids, *texts, *(NO_IDS if kind else ODD)):
            yield ((name, value),)
        for cursor in CURSORS:
            yield ((name, cursor.format(id=customers[0])),)
        if name != "part":
            for part in ("list", "thread", "grid"):
                yield ((name, texts[0]), ("part", part))
