"""The log of rules: every run with what it saw and did, and nobody else's."""

from html import unescape
from typing import Any

import pytest

from admin_views.automation import log_page
from app.automation.run_log import PAGE
from app.extensions import db
from app.models import Customer
from app.tenancy import tenant_scope
from tests.admin_views.automation.test_rules_page import EVIL, ran, rule
from tests.admin_views.reading import cells
from tests.support.browser import Browser
from tests.support.world import Business

LOG = "/settings/automation/log"


def ids(page: str) -> list[int]:
    return [int(part.partition('"')[0]) for part in page.split('id="run-')[1:]]


def test_each_run_tells_what_happened_what_was_seen_and_what_was_done(
    salon: Business, garage: Business, staff: Browser
) -> None:
    ran(garage, rule(garage))
    about = {"rule_version": 3, "facts": {"Text": "What is the price?", "Language": "Spanish"}}
    run_id = ran(salon, rule(salon), **about)
    page = staff.get(LOG).text
    assert ids(page) == [run_id]
    text = cells(page)
    for told in (
        "Done Price list",
        "A customer wrote: Ann Salon",
        "Sent a text of salon.",
        "version 3 of the rule",
        "Text What is the price?",
        "Language Spanish",
    ):
        assert told in text, told
    assert "garage" not in text
    assert f'href="/messages/{salon.customer_id}"' in page


@pytest.mark.parametrize(
    ("status", "reason", "told"),
    [
        ("unmet", "Text: Hello.", "Did not apply"),
        ("held_back", "Five texts an hour, and no more.", "Held back"),
        ("failed", "The text cannot be used.", "Failed"),
        ("void", "Somebody answered.", "No longer needed"),
    ],
)
def test_what_did_nothing_says_why(
    status: str, reason: str, told: str, salon: Business, staff: Browser
) -> None:
    ran(salon, rule(salon), status=status, done=[], reason=reason)
    text = cells(staff.get(LOG).text)
    assert told in text and reason in text


def test_what_waits_says_until_when(salon: Business, staff: Browser) -> None:
    ran(salon, rule(salon), status="waiting", done=[], done_at=None)
    assert "It is looked at again" in cells(staff.get(LOG).text)


def test_a_rule_that_is_gone_stays_in_the_log_by_its_name(salon: Business, staff: Browser) -> None:
    rule(salon)
    ran(salon, None, rule_name="Old one")
    assert "Old one deleted" in cells(staff.get(LOG).text)


def test_it_is_narrowed_by_rule_result_and_customer(
    salon: Business, garage: Business, staff: Browser
) -> None:
    first, second = rule(salon, "First"), rule(salon, "Second")
    with tenant_scope(salon.id):
        other = Customer(first_name="Zoë", last_name="Kim")
        db.session.add(other)
        db.session.commit()
        other_id = other.id
    done = ran(salon, first)
    unmet = ran(salon, second, status="unmet", done=[], customer_id=other_id)
    for query, found in (
        ({}, [unmet, done]),
        ({"rule": first}, [done]),
        ({"rule": rule(garage)}, []),
        ({"status": "unmet"}, [unmet]),
        ({"status": "nonsense"}, []),
        ({"customer": other_id}, [unmet]),
        ({"q": "zoe"}, [unmet]),
        ({"q": "Ann"}, [done]),
        ({"rule": first, "q": "zoe"}, []),
        ({"rule": "abc", "before": "x"}, [unmet, done]),
        ({"before": unmet}, [done]),
    ):
        assert ids(staff.get(LOG, query_string=query).text) == found, query
    assert staff.get(LOG, query_string={"customer": garage.customer_id}).status_code == 404


def test_of_many_customers_who_fit_the_best_are_looked_at_and_it_says_so(
    salon: Business, staff: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    run = ran(salon, rule(salon))
    monkeypatch.setattr(log_page, "MOST", 1)
    with tenant_scope(salon.id):
        db.session.add(Customer(first_name="Ann", last_name="Newer"))
        db.session.commit()
    page = staff.get(LOG, query_string={"q": "ann"}).text
    # Whoever was in touch comes before somebody who never was.
    assert ids(page) == [run]
    assert "Many customers fit: these are the 1 who fit best." in cells(page)
    assert "Many customers" not in staff.get(LOG).text


def test_it_goes_on_page_by_page(salon: Business, staff: Browser) -> None:
    rule_id = rule(salon)
    made = [ran(salon, rule_id) for _ in range(PAGE + 2)][::-1]
    first = staff.get(LOG, query_string={"rule": rule_id}).text
    assert ids(first) == made[:PAGE]
    older = unescape(first).split(">Older<")[0].rpartition('href="')[2].rstrip('"')
    assert ids(staff.get(older).text) == made[PAGE:]


def test_hostile_words_stand_as_text(salon: Business, staff: Browser) -> None:
    about: dict[str, Any] = {"rule_name": EVIL, "facts": {EVIL: EVIL}, "done": [EVIL]}
    ran(salon, rule(salon), reason=EVIL, **about)
    page = staff.get(LOG).text
    assert EVIL not in page and unescape(page).count(EVIL) >= 4
