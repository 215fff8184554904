"""A rule is tried on what happened of late, before it is turned on or even saved."""

from datetime import timedelta

import pytest

from app.automation import rehearse
from app.lib.time.clock import now
from app.models import AutomationRule, AutomationRun, Message
from tests.admin_views.automation.test_rules_page import EVIL, FORM, press, rule
from tests.admin_views.reading import cells, rows, told
from tests.support.browser import Browser
from tests.support.world import Business, hear

DAY = timedelta(days=1)


def test_it_says_how_often_it_would_have_run_for_whom_and_why(
    salon: Business, garage: Business, admin: Browser
) -> None:
    hear(salon, "What is the PRICE?", at=now() - DAY)
    hear(salon, "See you", at=now() - DAY)
    hear(salon, "price?", at=now() - 31 * DAY)
    hear(garage, "Price, please", at=now() - DAY)
    before = [len(rows(salon, kind)) for kind in (AutomationRule, AutomationRun, Message)]
    page = press(admin, "/new", "try", FORM, name="")
    text = cells(page.text)
    assert page.status_code == 200
    assert "It would have run 1 time in the last 30 days" in text
    assert "Would have run Ann Salon" in text and "Text: What is the PRICE?" in text
    assert "Would not have run Ann Salon" in text and "Why not: Text: See you." in text
    assert "Garage" not in text and "please" not in text
    assert 'value="price, how much"' in page.text, "what was typed stays"
    after = [len(rows(salon, kind)) for kind in (AutomationRule, AutomationRun, Message)]
    assert after == before


def test_a_saved_rule_is_tried_as_it_stands_in_the_form(salon: Business, admin: Browser) -> None:
    rule_id = rule(salon)
    hear(salon, "What does it cost?", at=now() - DAY)
    words = {"conditions.0.words": "cost"}
    page = press(admin, f"/{rule_id}", "try", FORM, version="1", **words)
    assert "It would have run 1 time" in cells(page.text)
    part = admin.post(
        f"/settings/automation/{rule_id}?part=form", data=FORM | words | {"step": "try"}
    )
    assert "<html" not in part.text and "It would have run 1 time" in cells(part.text)


def test_what_is_wrong_is_told_before_anything_is_looked_at(
    salon: Business, admin: Browser
) -> None:
    page = press(admin, "/new", "try", FORM, **{"conditions.0.words": ""})
    assert page.status_code == 422
    assert "Nothing was saved yet" in told(page)
    assert "It would have run" not in page.text


def test_what_is_looked_at_has_an_end_and_says_so(
    salon: Business, admin: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    for each in range(3):
        hear(salon, f"price {each}", at=now() - DAY + timedelta(minutes=each))
    monkeypatch.setattr(rehearse, "MOST", 2)
    text = cells(press(admin, "/new", "try", FORM).text)
    assert "It would have run 2 times" in text
    assert "things that happened were looked at" in text


def test_hostile_words_stand_as_text(salon: Business, admin: Browser) -> None:
    hear(salon, f"price {EVIL}", at=now() - DAY)
    assert EVIL not in press(admin, "/new", "try", FORM).text


def test_trying_has_a_limit(salon: Business, admin: Browser) -> None:
    answers = [press(admin, "/new", "try", FORM).status_code for _ in range(21)]
    assert answers[:20] == [200] * 20 and answers[20] == 429
