"""A search of any length costs PostgreSQL what one of some words costs."""

import re
from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import Engine, event

from app.inbox import conversations, customer_search
from app.lib.text.cleaning import LONGEST_WORD, MOST_WORDS, sought_words
from app.tenancy import tenant_scope
from tests.support import listed
from tests.support.browser import Browser
from tests.support.queries import statements
from tests.support.world import NOON, Business

MANY = " ".join(f"ann{number}" for number in range(3_000))
# In one address no more fit: gunicorn takes 8,190 bytes.
FIT = MANY[:7_000]
PANELS = ("customers", "appointments", "calls", "messages", "services", "users")


def test_as_many_words_as_anybody_means_are_left() -> None:
    assert sought_words("  Ann   Becker ") == ["Ann", "Becker"]
    assert len(sought_words(MANY)) == MOST_WORDS
    assert sought_words("a" * 3_000) == ["a" * LONGEST_WORD]


@pytest.mark.parametrize(
    "search",
    [
        lambda text: listed.page(conversations.Filter(text=text), now=NOON),
        lambda text: customer_search.matching(text, 0, 10),
    ],
)
def test_the_inbox_and_the_calendar_look_for_some_words(
    salon: Business, garage: Business, search: Callable[[str], object]
) -> None:
    looked: list[str] = []

    def note(_conn: object, _cursor: object, _statement: str, values: Any, *_rest: object) -> None:
        # JSON is shown cut short.
        looked.append(str([getattr(value, "obj", value) for value in dict(values).values()]))

    event.listen(Engine, "before_cursor_execute", note)
    try:
        with tenant_scope(salon.id):
            search(MANY)
            search("1" * 100_000)
    finally:
        event.remove(Engine, "before_cursor_execute", note)
    assert max(len(set(re.findall(r"ann\d", values))) for values in looked) == MOST_WORDS
    # With the mistakes that are forgiven.
    assert max(map(len, looked)) < 5_000


@pytest.mark.parametrize("panel", PANELS)
def test_panels_look_for_some_words_and_by_some_filters(
    salon: Business, garage: Business, admin: Browser, panel: str
) -> None:
    def length(query: dict[str, str]) -> int:
        with statements() as seen:
            answer = admin.get(f"/admin/{panel}/", query_string=query)
        assert answer.status_code == 200
        return sum(len(statement) for statement in seen)

    length({"search": MANY})  # The words are taken apart once.
    eight = length({"search": " ".join(MANY.split()[:MOST_WORDS])})
    assert length({"search": FIT}) == eight
    assert length({"search": MANY}) == eight
    # Words of customers are one value, however many.
    assert length({"search": "ann"}) < eight or panel == "customers"


def test_a_list_is_narrowed_by_some_filters(
    salon: Business, garage: Business, admin: Browser
) -> None:
    def length(count: int) -> int:
        query = {f"flt{n}_language_contains": f"e{n}" for n in range(count)}
        with statements() as seen:
            assert admin.get("/admin/customers/", query_string=query).status_code == 200
        return max(len(statement) for statement in seen if "FROM customer" in statement)

    assert length(1) < length(20) == length(300)


def test_the_lookup_of_a_form_does_too(salon: Business, garage: Business, admin: Browser) -> None:
    def length(words: str) -> int:
        path = "/admin/appointments/ajax/lookup/"
        with statements() as seen:
            answer = admin.get(path, query_string={"name": "customer", "query": words})
        assert answer.status_code == 200
        return max(len(statement) for statement in seen)

    assert length(MANY) == length(" ".join(MANY.split()[:MOST_WORDS]))
