"""In a conversation's thread stands what rules did, each in one quiet line."""

from datetime import timedelta
from html import unescape

from admin_views.automation.run_words import STATUS
from admin_views.labels import HAPPENED
from app.extensions import db
from app.inbox.conversation_log import By
from app.inbox.labelling import add_label
from app.lib.time.clock import now
from app.models import EventType, Label, RunStatus
from app.tenancy import tenant_scope
from tests.admin_views.automation.test_rules_page import EVIL, ran, rule
from tests.admin_views.reading import cells
from tests.support.browser import Browser
from tests.support.world import Business, hear, say


def test_there_are_words_for_all_that_happens_and_all_that_becomes_of_it() -> None:
    assert HAPPENED.keys() == set(EventType)
    assert STATUS.keys() == set(RunStatus)


def test_a_run_that_did_something_is_one_line_that_leads_to_the_log(
    salon: Business, garage: Business, staff: Browser
) -> None:
    ran(garage, rule(garage))
    rule_id = rule(salon)
    ran(salon, rule_id, status="unmet", done=[], reason="Text: Hello.")
    run_id = ran(salon, rule_id, done=["Sent a text by SMS.", "Added the label Quote."])
    page = staff.get(f"/messages/{salon.customer_id}?part=thread").text
    assert cells(page).count("Rule “") == 1
    assert "Rule “Price list”: sent a text by SMS; added the label Quote" in cells(page)
    link = unescape(page).split('by-rule"')[1].split('<a href="')[1].partition('"')[0]
    log = staff.get(link.partition("#")[0]).text
    assert log.index('id="run-') == log.index(f'id="{link.partition("#")[2]}"')
    assert f'id="run-{run_id}"' in log


def test_what_a_rule_changed_is_not_told_twice(salon: Business, staff: Browser) -> None:
    rule_id = rule(salon)
    with tenant_scope(salon.id):
        label = Label(name="Quote")
        db.session.add(label)
        db.session.flush()
        by = By(rule_id=rule_id, rule_name="Price list")
        add_label(salon.customer_id, label.id, by, now())
        db.session.commit()
    ran(salon, rule_id, done=["Added the label Quote."])
    text = cells(staff.get(f"/messages/{salon.customer_id}?part=thread").text)
    assert text.count("Rule “Price list”") == 1


def test_lines_of_rules_stand_on_the_page_of_their_time(salon: Business, staff: Browser) -> None:
    began, rule_id = now() - timedelta(days=2), rule(salon)
    ran(salon, rule_id, done=["Was early."], done_at=began)
    for each in range(60):
        say(salon, f"Message {each}", at=began + timedelta(minutes=each + 1))
    ran(salon, rule_id, done=["Was late."])
    newest = staff.get(f"/messages/{salon.customer_id}?part=thread").text
    assert "was late" in newest and "was early" not in newest
    older = unescape(newest).split('data-older="')[1].split('href="')[1].partition('"')[0]
    earlier = staff.get(f"{older}&part=thread").text
    assert "was early" in earlier and "was late" not in earlier


def test_hostile_words_stand_as_text(salon: Business, staff: Browser) -> None:
    hear(salon, "Hi")
    ran(salon, rule(salon), rule_name=EVIL, done=[EVIL])
    page = staff.get(f"/messages/{salon.customer_id}").text
    assert EVIL not in page and EVIL in unescape(page)
