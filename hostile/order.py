"""All probes, in the order in which they are played: first something of everything."""

from collections.abc import Iterable
from itertools import chain
from random import Random

from hostile import (
    bodies,
    chats,
    links,
    panels,
    programs,
    queries,
    replay,
    routes,
    rule_gaps,
    sign_ins,
    webhooks,
)
from hostile.deck import Deck
from hostile.probe import Probe

KINDS = (
    routes,
    panels,
    queries,
    bodies,
    rule_gaps,
    replay,
    webhooks,
    chats,
    programs,
    links,
    sign_ins,
)


def all_probes(decks: Iterable[Deck], seed: int) -> list[Probe]:
    """Each once. The same seed gives the same order."""
    every = dict.fromkeys(
        chain.from_iterable(kind.probes(deck) for deck in decks for kind in KINDS)
    )
    shuffled = list(every)
    Random(seed).shuffle(shuffled)  # noqa: S311 (repeatable, and no secret)
    first: dict[object, Probe] = {}
    for probe in shuffled:
        first.setdefault(_kind(probe), probe)
    chosen = set(first.values())
    return [*first.values(), *(probe for probe in shuffled if probe not in chosen)]


def first_of_each(probes: list[Probe]) -> int:
    """With how many of them each role has asked for everything in each manner."""
    return len({_kind(probe) for probe in probes})


def _kind(probe: Probe) -> object:
    return probe.role, probe.endpoint, probe.method, probe.twin, probe.link
