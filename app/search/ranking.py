"""The order in which found messages are shown: those of a customer together, the best first."""

from collections.abc import Iterable, Sequence

from app.lib.text.highlight import fold
from app.search.found_messages import FoundMessage
from app.search.wanted_search import WantedSearch

# What is behind it makes no text better.
LOOKED_AT = 2_000


def by_customer(
    wanted: WantedSearch, newest_first: Iterable[FoundMessage]
) -> Sequence[list[FoundMessage]]:
    """The messages of each customer: first those in which the words stand together as they were
    typed, then those in which each is a whole word; of the same kind the newest."""
    # Sorting is stable: what is as good stays in its order.
    best = sorted(newest_first, key=lambda message: _rank(wanted, message))
    groups: dict[int, list[FoundMessage]] = {}
    for message in best:
        groups.setdefault(message.customer_id, []).append(message)
    return list(groups.values())


def _rank(wanted: WantedSearch, message: FoundMessage) -> int:
    if not wanted.words:
        return 0
    said = fold(message.text[:LOOKED_AT])
    together = fold(wanted.text)
    if together in said and len(wanted.words) > 1:
        return 0
    return 1 if set(wanted.words) <= set(said.split()) else 2
