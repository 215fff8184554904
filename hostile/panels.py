"""Flask-Admin's panels: each row, filter, search, order, page, file and lookup that they offer."""

from collections.abc import Iterator
from typing import Any

from flask_admin.model.base import BaseModelView

from hostile import table
from hostile.deck import Deck
from hostile.probe import Pairs, Probe
from hostile.values import NO_IDS

TIMES = (
    "1970-01-01 00:00:00 to 2100-01-01 00:00:00",
    "0001-01-01 00:00:00 to 9999-12-31 23:59:59",
    "2026-02-30 00:00:00 to 2026-13-01 00:00:00",
)
ODD = ("", "\x00", "%", "\\", str(2**70), "queued,bogus", " to ")


def probes(deck: Deck) -> Iterator[Probe]:
    for panel in deck.app.extensions["admin"][0]._views:
        if isinstance(panel, BaseModelView):
            allowed = deck.allowed(f"{panel.endpoint}.index_view")
            yield from _rows(deck, panel, allowed)
            if allowed:
                yield from _lists(deck, panel)
                yield from _lookups(deck, panel)


def _rows(deck: Deck, panel: Any, allowed: bool) -> Iterator[Probe]:
    """Whatever takes the id of a row."""
    name = panel.model.__table__.name
    for id_ in deck.values.ids(name, deck.person.own):
        for one in _about(deck, panel, [id_]):
            yield one.but(strict=not allowed, twin=False)
    for id_ in deck.values.ids(name, deck.person.foreign):
        yield from _about(deck, panel, [id_])
    if allowed:
        for id_ in NO_IDS:
            yield from _about(deck, panel, [id_])
        mixed = [
            deck.values.ids(name, owner)[0] for owner in (deck.person.own, deck.person.foreign)
        ]
        for ids in (mixed, mixed[::-1]):
            yield from _actions(deck, panel, ids)


def _about(deck: Deck, panel: Any, ids: list[str]) -> Iterator[Probe]:
    [id_] = ids
    form = deck.form(f"{panel.endpoint}.edit_view")
    back = (("url", panel.url),)
    yield _probe(deck, panel, "details_view", (("id", id_),))
    yield _probe(deck, panel, "details_view", (("id", id_), *back))
    yield _probe(deck, panel, "details_view", (("id", id_), ("modal", "True")))
    yield _probe(deck, panel, "edit_view", (("id", id_),))
    yield _probe(deck, panel, "edit_view", (("id", id_), *back), form)
    yield _probe(deck, panel, "delete_view", (), (("id", id_), *back))
    yield _probe(deck, panel, "ajax_update", (), (("list_form_pk", id_), *form))
    yield from _actions(deck, panel, ids)


def _actions(deck: Deck, panel: Any, ids: list[str]) -> Iterator[Probe]:
    rows = tuple(("rowid", id_) for id_ in ids)
    for name, _ in panel._actions:
        yield _probe(deck, panel, "action_view", (), (("action", name), *rows))


def _lists(deck: Deck, panel: Any) -> Iterator[Probe]:
    words = deck.person.words
    texts = [words.word[1:], words.word[:-1], words.slug[1:], words.digit, *words.numbers, *ODD]
    queries: list[Pairs] = [()]
    queries += [(("search", value),) for value in texts]
    for number in range(len(panel.get_list_columns()) + 1):
        queries += [(("sort", str(number)),), (("sort", str(number)), ("desc", "1"))]
    for name in ("page", "page_size", "sort", "desc"):
        queries += [((name, value),) for value in ("-1", "1", str(2**70), "x")]
    foreign = deck.values.ids(panel.model.__table__.name, deck.person.foreign)
    for place, one in enumerate(panel._filters or ()):
        name = f"flt0_{panel.get_filter_arg(place, one)}"
        values = [*texts, *TIMES, *foreign, *(value for value, _ in one.get_options(panel) or ())]
        queries += [((name, value),) for value in values]
    for query in queries:
        yield _probe(deck, panel, "index_view", query)
        # A file has no pages, and the same rows in another order.
        if not query or query[0][0] not in ("page", "page_size", "sort", "desc"):
            yield _probe(deck, panel, "export", query)


def _lookups(deck: Deck, panel: Any) -> Iterator[Probe]:
    words = deck.person.words
    names = [*(panel._form_ajax_refs or ()), "password", "tenant"]
    for name in names:
        for text in (words.word[1:], words.word[:-1], words.slug[1:], "e", *words.numbers, *ODD):
            query: Pairs = (("name", name), ("query", text))
            yield _probe(deck, panel, "ajax_lookup", query)
            for more in (("offset", "-1"), ("limit", "-5"), ("limit", str(2**70)), ("offset", "x")):
                if text in ("e", ""):
                    yield _probe(deck, panel, "ajax_lookup", (*query, more))


def _probe(deck: Deck, panel: Any, view: str, query: Pairs, form: Pairs | None = None) -> Probe:
    endpoint = f"{panel.endpoint}.{view}"
    rule = next(each for each in deck.rules if each.endpoint == endpoint)
    allowed = deck.allowed(endpoint)
    # The operator knows all businesses.
    known = allowed and table.of_the_platform(endpoint)
    return Probe(
        deck.person.role,
        endpoint,
        "GET" if form is None else "POST",
        deck.path(rule),
        query,
        form,
        strict=not known,
        twin=not known,
        no=not allowed,
    )
