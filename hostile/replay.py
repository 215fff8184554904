"""What the other business's own pages offer, asked for by everybody else."""

from collections.abc import Iterator

from hostile import table
from hostile.deck import Deck
from hostile.probe import Probe


def probes(deck: Deck) -> Iterator[Probe]:
    words = deck.person.words
    for found in deck.foreign:
        if table.open_to_all(found.endpoint):
            continue
        allowed = deck.allowed(found.endpoint)
        one = Probe(
            deck.person.role,
            found.endpoint,
            found.method,
            found.path,
            found.query,
            found.form,
            no=not allowed,
        )
        known = allowed and table.of_the_platform(found.endpoint)
        names_a_row = words.names_a_row(one.asked)
        # A form that names no row of theirs is as good as one of ours.
        strict = found.method == "GET" or names_a_row
        yield one.but(strict=(strict and not known) or not allowed, twin=names_a_row and not known)
