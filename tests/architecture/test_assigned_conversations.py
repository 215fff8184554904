"""Whoever sees some conversations only finds nothing of another in any answer, and changes nothing
of it, whatever they ask for."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask
from werkzeug.test import TestResponse

from app.extensions import db
from app.models import Sees
from app.row_security import installed
from app.tenancy import tenant_scope
from hostile import rows
from hostile.world import _marked
from tests.architecture.probes import Onlooker, browser
from tests.architecture.test_routes import ALLOWED, MOVES, SIGNED, STAFF, address
from tests.support import owner
from tests.support.browser import Browser
from tests.support.granted import let
from tests.support.streams import Streams
from tests.support.world import Business

# In every text of the conversation.
SAID = "quetzal"
GIVE = """
UPDATE conversation SET assignee_id = "user".id FROM "user"
WHERE email = %(admin)s AND conversation.tenant_id = "user".tenant_id
"""
WALLS = re.findall(r"    \('(\w+)', '(.*?)'\)", Path(installed.FOLDER, "assigned.sql").read_text())
WALLED = {table for table, _ in WALLS}
# What is of a customer or of a message, and open to all who work there. They need to know who comes
# when, and what was told to them by itself; what is here is said in no conversation.
OPEN = {
    "appointment": "the calendar is everybody's",
    "audit_entry": "for admins",
    "broadcast_recipient": "for admins",
    "button_tap": "which button it was; no page shows it",
    "channel_thread": "what a carrier holds; no page shows it",
    "consent_event": "whether they may be written to",
    "contact_point": "who they are",
    "customer": "who they are",
    "customer_words": "likewise, for the search",
    "draft": "one's own, of a page that is closed",
    "draft_file": "likewise",
    "email_auto_answer": "that it went; no page shows it",
    "erasure": "that it was asked for",
    "identity_link": "who they are, as another program knows them",
    "kept_event": "before it is anybody's",
    "marketing_consent": "whether they may be sent offers",
    "message_reaction": "by the message alone",
    "notification": "what goes by itself, and when",
    "parked": "for the operator",
    "pinned_fact": "what everybody should know before they come",
    "push_notice": "that browsers were told; no page shows it",
    "reply": "what it did to the appointment",
    "self_test": "for admins",
    "away_message": "that it went; no page shows it",
    "user_email": "what was mailed to a user",
}
# They book, and see to who somebody is: what that means for a conversation is entered in it.
OF_THE_CUSTOMER = ("calendar.", "moves.", "planned.", "customers.", "customer_pane.", "profile.")
# Of all routes those that tell something of a conversation, whoever may see it.
TOLD_BY = {
    *("inbox.index", "inbox.show", "inbox.scheduled", "message_life.show", "received_email.show"),
    *("calls.index_view", "calls.details_view", "customer_pane.show", "profile.show"),
    *("notices.index", "automation_log.index"),
}
OF_SOMEBODY = {"customer_id", "message_id", "conversation_id"}


def test_every_table_of_a_conversation_is_walled_off_or_says_why_not() -> None:
    of_somebody = {
        table.name for table in db.metadata.sorted_tables if OF_SOMEBODY & {*table.columns.keys()}
    }
    both = WALLED & OPEN.keys()
    assert both == set()
    assert of_somebody - WALLED - OPEN.keys() == set(), "a wall in assigned.sql, or a reason here"
    counters = {"conversation", "conversation_count", "message_count"}
    assert WALLED - of_somebody - counters == set(), "gone"


class Newest(Onlooker):
    def some(self, table: str, tenant_id: int) -> int:
        """The id of what was planted last."""
        query = f'SELECT max(id) FROM "{table}" WHERE tenant_id = :tenant'
        return int(self.ask(query, tenant=tenant_id)[0][0])


@pytest.fixture
def newest() -> Iterator[Newest]:
    onlooker = Newest()
    yield onlooker
    onlooker.close()


@pytest.fixture
def hidden(app: Flask, salon: Business) -> Business:
    """The salon with a row in every table, all of whose conversations are the admin's."""
    with tenant_scope(salon.id):
        rows.add(salon)
    db.session.remove()
    with owner.engine().connect() as connection:
        for table in db.metadata.sorted_tables:
            if table.name in WALLED and (marked := ", ".join(_marked(table, SAID))):
                connection.exec_driver_sql(f'UPDATE "{table.name}" SET {marked}'.replace("%", "%%"))
        connection.exec_driver_sql(GIVE, {"admin": salon.admin})
    return salon


def everything(
    app: Flask, person: Browser, of: Business, onlooker: Onlooker
) -> Iterator[tuple[str, str, TestResponse]]:
    """Endpoint, method and answer of all that staff may call, with the ids of the customer's."""
    for rule in app.url_map.iter_rules():
        if rule.endpoint in SIGNED | MOVES or not STAFF & ALLOWED[rule.endpoint] >= {"staff"}:
            continue
        if rule.endpoint.startswith("chat") or rule.endpoint.endswith("static"):
            continue
        path = address(rule, of, onlooker)
        for method in sorted((rule.methods or set()) & {"GET", "POST", "PUT"}):
            yield rule.endpoint, method, ask(person, method, path, of.customer_id)


def ask(person: Browser, method: str, path: str, customer_id: int) -> TestResponse:
    if method == "GET":
        return person.get(path + ("&" if "?" in path else "?") + "view=all")
    posted = dict.fromkeys(("customer_id", "other", "id", "rowid"), customer_id)
    form = posted | {"talk": f"{customer_id}:9:9", "do": "close", "body": "", "up_to": 0}
    return person.send(method, path, data=form)


def told(answer: TestResponse) -> bool:
    # A stream never ends; what it may tell has a test of its own (tests/streams).
    said = b"" if answer.mimetype == "text/event-stream" else answer.get_data()
    answer.close()
    return SAID.encode() in said.lower()


def test_whoever_sees_them_all_is_told_of_it_in_many_places(
    whole_app: Flask, hidden: Business, newest: Newest, streams: Streams
) -> None:
    """The premise of the next."""
    person = browser("staff", hidden)
    seen = {
        endpoint
        for endpoint, method, answer in everything(whole_app, person, hidden, newest)
        if method == "GET" and told(answer)
    }
    assert seen >= TOLD_BY


def test_whoever_does_not_see_it_is_told_nothing_and_changes_nothing_of_it(
    whole_app: Flask, hidden: Business, newest: Newest, streams: Streams
) -> None:
    let(hidden.staff, sees=Sees.OWN_AND_UNASSIGNED)
    person, before = browser("staff", hidden), _rows(newest, hidden)
    for endpoint, method, answer in everything(whole_app, person, hidden, newest):
        where = f"{method} {endpoint} → {answer.status_code}"
        assert answer.status_code < 500, where
        assert not told(answer), where
        now = _rows(newest, hidden)
        assert now == before or endpoint.startswith(OF_THE_CUSTOMER), where
        before = now


def _rows(onlooker: Onlooker, of: Business) -> list[object]:
    """What is in the conversation."""
    return [
        onlooker.ask(
            f"SELECT md5(string_agg(t::text, '|' ORDER BY t::text)) FROM \"{name}\" t"
            " WHERE customer_id = :customer",
            customer=of.customer_id,
        )
        for name, clause in WALLS
        if clause == "customer_seen(customer_id)" or name == "conversation"
    ]
