"""What one of each costs where the data are, in milliseconds of the processor's time of the program
and PostgreSQL together; the least of some turns, as what disturbs only adds."""

from collections.abc import Callable, Iterator
from functools import partial

from bench import webhooks
from bench.alone import Alone
from bench.growth.workers import WORKS, Workers, workers
from bench.pages import measure as pages
from bench.processor import cpu_seconds, postmaster
from bench.webhooks import Served, served

ROUNDS = 3
PAGES = {
    "the inbox": "/messages",
    "a thread": "/messages/1",
    "a customer's page": "/customers/1",
    "/health/live": "/health/live",
}


def costs(here: Alone) -> Iterator[tuple[str, float]]:
    """Of the web, one process, and of a worker."""
    database = postmaster(here.folder)
    with served(here.urls, here.folder, "wsgi:app", WEB_CONCURRENCY="1") as product:
        yield from _of_web(product, database)
    with workers(here, 1) as one:
        one.ask("open_up")
        for what in WORKS:
            yield what, _least(partial(_worked, one, what, database))


def _of_web(product: Served, database: int) -> Iterator[tuple[str, float]]:
    cookie = pages.signed_in(product.base, pages.STAFF)
    for what, path in PAGES.items():
        yield what, _least(partial(_page, product, path, database, cookie))
    yield "a webhook", _least(lambda: webhooks.cost_of(product, database).cpu)


def _page(product: Served, path: str, database: int, cookie: str) -> float:
    return pages.cost_of(product, path, 1, database, cookie).cpu


def _least(turn: Callable[[], float]) -> float:
    # The first is for what is made once: connections, plans, templates.
    return min([turn() for _ in range(ROUNDS + 1)][1:])


def _worked(one: Workers, what: str, database: int) -> float:
    fill, work, count = WORKS[what]
    one.ask(fill, count)
    before = cpu_seconds(database)
    own = one.ask(work)
    return (own + cpu_seconds(database) - before) / count * 1000


def rates(here: Alone, processes: int) -> Iterator[tuple[str, float]]:
    """What so many processes of the web answer a second, and so many workers get done."""
    several = {"WEB_CONCURRENCY": str(processes)}
    with served(here.urls, here.folder, "wsgi:app", **several) as product:
        database = postmaster(here.folder)
        yield "webhooks", max(webhooks.cost_of(product, database).rate for _ in range(ROUNDS))
    with workers(here, processes) as some:
        yield "notifications", max(some.a_second("a notification") for _ in range(ROUNDS))
        yield "messages sent", max(some.a_second("a message sent") for _ in range(ROUNDS))
