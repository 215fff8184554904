"""Links that let whoever was told them in: those of the stranger, and those that are none."""

from collections.abc import Iterator

from hostile import table
from hostile.deck import Deck
from hostile.probe import Pairs, Probe
from hostile.values import nonsense

BODIES: tuple[Pairs, ...] = ((), (("again", "1"),))
# No "..", which a client takes for the page above before it asks.
FALSE = ("nobody-can-guess-it", "00000000-0000-0000-0000-000000000000", "...", "MQ.AAAA")


def probes(deck: Deck) -> Iterator[Probe]:
    for rule in deck.rules:
        if not rule.arguments or not table.open_to_all(rule.endpoint):
            continue
        if rule.endpoint.startswith("api."):
            # Let in by a key, and not by its address: programs.py.
            continue
        named = rule.arguments - (rule.defaults or {}).keys()
        if named <= {"slug"} or named == {"filename"}:
            continue
        [name] = named - {"slug"}
        foreign = deck.person.foreign
        true = deck.values.fill(rule, name, foreign)
        theirs = {"slug": foreign.slug} if "slug" in named else {}
        for method in sorted((rule.methods or set()) & {"GET", "POST"}):
            for body in BODIES if method == "POST" else (None,):
                for value in true:
                    path = deck.path(rule, **theirs, **{name: value})
                    one = Probe(deck.person.role, rule.endpoint, method, path, form=body)
                    yield one.but(link=True, strict=False)
                # Behind another business's name what is true is false.
                false = *FALSE, *map(_bent, true), *(true if theirs else ())
                for value in (*false, *nonsense(argument=True)):
                    path = deck.path(rule, **{name: value})
                    yield Probe(deck.person.role, rule.endpoint, method, path, form=body, no=True)


def _bent(value: str) -> str:
    """Another one in a letter."""
    first = "b" if value[0] == "a" else "a"
    return first + value[1:]
