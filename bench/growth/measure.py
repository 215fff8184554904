"""`make bench GROWTH=1`: each cost at 100,000, a million and ten million messages, and the rates of
one, two and four processes at a million; drawn into docs/pictures/growth.

`python -m bench.growth.measure MESSAGES …` measures and prints at those sizes alone.
"""

import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from bench.alone import Alone, alone
from bench.growth import drawing, figures
from bench.pages import measure as pages
from bench.pages.generate import generate
from bench.webhooks import served

BASE, SIZES = 1_000_000, (100_000, 1_000_000, 10_000_000)
# Of the messages: a customer has ten.
EACH = 10
PROCESSES = (1, 2, 4)
MOST = 1.2


def measure(sizes: Sequence[int] = SIZES) -> Iterator[dict[str, object]]:
    """Each at a size beside the same at the base, where that is among them."""
    costs, rates = {}, {}
    for size in sizes:
        with _of_size(size) as here:
            costs[size] = dict(figures.costs(here))
            if size == BASE:
                rates = {count: dict(figures.rates(here, count)) for count in PROCESSES}
    base = costs.get(BASE) or costs[sizes[0]]
    yield from (
        _cost(what, size, ms, base[what]) for size in sizes for what, ms in costs[size].items()
    )
    yield from (
        _rate(what, count, rate, rates[1][what])
        for count, each in rates.items()
        for what, rate in each.items()
    )
    if sizes == SIZES:
        drawing.draw(costs, rates)


@contextmanager
def _of_size(messages: int) -> Iterator[Alone]:
    with alone() as here:
        # Whoever serves first makes the tables and the salon.
        with served(here.urls, here.folder, "wsgi:app"):
            pages.user(here.urls, here.folder, pages.STAFF, pages.ROLES[pages.STAFF])
        generate(here.urls.database, messages, messages // EACH)
        yield here


def _cost(what: str, size: int, ms: float, base: float) -> dict[str, object]:
    return {
        "name": f"{what} with {size:,} messages",
        "ours": round(ms, 2),
        "floor": round(base, 2),
        "unit": "ms of CPU; the floor is the same with a million",
        "ratio": round(ms / base, 2),
        "goal": f"at most {MOST} of it",
        "holds": ms <= MOST * base,
    }


def _rate(what: str, processes: int, rate: float, alone_: float) -> dict[str, object]:
    """No goal: how many processors there are decides."""
    return {
        "name": f"{what}, processes: {processes}",
        "ours": round(rate),
        "floor": round(alone_),
        "unit": "a second; the floor is one process",
        "ratio": round(rate / alone_, 2),
        "goal": "none",
        "holds": True,
    }


if __name__ == "__main__":
    for each in measure(tuple(map(int, sys.argv[1:])) or SIZES):
        print(each, flush=True)
