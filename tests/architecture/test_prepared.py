"""Plain rows beside the ORM: where, and that the tenant cannot be forgotten there either."""

from pathlib import Path

import pytest
from sqlalchemy import ARRAY, Integer, any_, func, select
from sqlalchemy.exc import ProgrammingError

from app.extensions import db
from app.models import Customer, Message, Tenant, User
from app.prepared import Prepared, ask, given
from app.tenancy import NotNarrowed, TenantMissing, tenant_scope, unscoped
from tests.support.plans import sent
from tests.support.world import Business

PROJECT = Path(__file__).parents[2]
# Each is read by a page that staff look at all day.
PLAIN_ROWS = {
    "app/inbox/conversations.py": "which conversations the list has",
    "app/inbox/conversation_rows.py": "the list of conversations",
    "app/inbox/lists/conversation_counts.py": "how many each list has",
    "app/outbox/compose/drafts.py": "what is begun, in the list and the composer",
    "app/inbox/reading/message_rows.py": "the messages of a thread",
    "app/inbox/reading/opened_thread.py": "whose thread it is",
    "app/inbox/team/notices.py": "how many notices one has, on every page",
    "app/inbox/team/promises.py": "what is promised, below it",
    "app/inbox/timeline.py": "what stands between them",
    "app/inbox/failures.py": "the last message that did not arrive",
    "app/outbox/send_later.py": "whether anything goes later, below it",
    "app/outbox/compose/draft_files.py": "whether files wait in the composer",
    "admin_views/inbox/picker.py": "what the composer offers outside of WhatsApp's window",
    "app/outbox/queue/opt_out.py": "who stopped, beside each thread",
    "app/inbox/labelling.py": "the labels beside it",
    "app/inbox/conversation_commands.py": "the colleagues beside it",
    "app/appointments/diary.py": "the calendar, and what collides",
    "app/appointments/places/load_places.py": "what is taken, beside free places",
    "app/business_hours/load_working_hours.py": "who works when, for each column of the calendar",
    "app/outbox/queue/session_window.py": "who may be written to",
    "app/outbox/senders/meta_senders.py": "which pages and accounts a business has connected",
    "app/outbox/senders/webchat_senders.py": "whether its live chat is on",
    "app/notifications/settings.py": "which automatic messages are wanted",
    "app/notifications/forecast/preview.py": "which of them are to come",
    "app/notifications/decision/decide.py": "which of their steps there are",
    "app/notifications/decision/joined.py": "which of them go as one",
    "app/customers/reached_through.py": "who is reached through them",
    "app/notifications/decision/preload.py": "which approved templates stand in",
    "app/search/found_customers.py": "whom a search finds",
    "app/search/found_messages.py": "what it finds",
    "app/search/indexing.py": "how far the index is",
    "app/inbox/customer_search.py": "who they are",
    "app/customers/address_consent.py": "what they want, there",
    "app/customers/marketing.py": "what they said of offers, there",
    "app/memory/pinned_facts.py": "what is pinned to them, there and at their appointments",
    "app/memory/customer_history.py": "what is remembered of them, there and in the pane",
    "app/customers/customer_profile.py": "the sections of a customer's page",
    "app/notifications/ask_for_review.py": "which review request is the last, there",
    "app/notifications/forecast/why.py": "which messages are a customer's",
    "admin_views/calendar/calendar_staff.py": "whose columns the calendar has",
    "app/inbox/statistics.py": "messages counted",
    "app/outbox/queue/daily_limit.py": "what was used of a day's limits",
    "app/outbox/queue/paused_senders.py": "which senders are paused",
    "app/users/session_row.py": "who asks, with each request",
    "app/outbox/queue/due.py": "which messages may leave, of all tenants, for each claim",
}


def test_plain_rows_are_confined_to_the_list() -> None:
    using = {
        str(path.relative_to(PROJECT))
        for package in ("app", "admin_views", "jobs")
        for path in (PROJECT / package).rglob("*.py")
        if "from app.prepared import Prepared" in path.read_text()
    }
    assert using == PLAIN_ROWS.keys()


def test_a_prepared_select_finds_the_rows_of_the_tenant_in_scope_alone(
    salon: Business, garage: Business
) -> None:
    found_by_id = Prepared(int, select(Customer.id).where(Customer.id == any_(given("ids", IDS))))
    both = [salon.customer_id, garage.customer_id]
    found = []
    for business in (salon, garage, salon):
        with tenant_scope(business.id):
            found.append(found_by_id.all(ids=both))
        db.session.remove()
    with unscoped("a test"), pytest.raises(TenantMissing):
        found_by_id.all(ids=both)
    assert found == [[salon.customer_id], [garage.customer_id], [salon.customer_id]]


def test_one_that_asks_across_tenants_does_so_within_unscoped_alone(
    salon: Business, garage: Business
) -> None:
    everybody = Prepared(int, select(Customer.id), across=True)
    with unscoped("a test"):
        assert {salon.customer_id, garage.customer_id} <= set(everybody.all())
    db.session.remove()
    with tenant_scope(salon.id), pytest.raises(TenantMissing):
        everybody.all()


def test_every_entity_of_a_prepared_select_is_narrowed(salon: Business, garage: Business) -> None:
    """Joined, left out where there is none, and in a select within."""
    within = select(func.count(Message.id)).where(Message.customer_id == Customer.id)
    counted = Prepared(
        lambda *columns: columns,
        select(Customer.id, User.id, within.correlate(Customer).scalar_subquery())
        .outerjoin(User, User.id != 0)
        .where(Customer.id == any_(given("ids", IDS))),
    )
    with tenant_scope(salon.id):
        rows = counted.all(ids=[salon.customer_id, garage.customer_id])
        users = set(db.session.scalars(select(User.id)))
        sql = counted._compiled.sql
    assert {customer for customer, _, _ in rows} == {salon.customer_id}
    assert {user for _, user, _ in rows} - {None} <= users
    assert sql.count("tenant_id = %(tenant)s") == 3


def test_several_are_asked_by_one_statement_and_find_what_each_finds_alone(
    salon: Business, garage: Business
) -> None:
    mine = Customer.id == any_(given("ids", IDS))
    whole = Prepared(lambda *row: row, select(Customer.id, Customer.created_at).where(mine))
    last = Prepared(int, select(Customer.id).where(mine).order_by(Customer.id.desc()).limit(1))
    none = Prepared(int, select(Message.id).where(Message.body == "nobody's"))
    ids = [salon.customer_id, garage.customer_id]
    with tenant_scope(salon.id):
        asked = [whole.question(list, ids=ids), last.question(sum, ids=ids), none.question(list)]
        assert len(sent(lambda: ask(*asked))) == 1
        assert [each.answer for each in asked] == [whole.all(ids=ids), salon.customer_id, []]
        with pytest.raises(TypeError, match="segment_price"):
            ask(Prepared(lambda price: price, select(Tenant.segment_price)).question(list))
        with pytest.raises(ValueError, match="ids"):
            ask(whole.question(list, ids=ids), last.question(list, ids=[]))


def test_a_prepared_select_refuses_what_cannot_be_narrowed(salon: Business) -> None:
    plain = Prepared(int, select(Customer.__table__.c.id))
    forgotten = Prepared(int, select(Customer.id).where(Customer.id == given("id", Integer())))
    with tenant_scope(salon.id):
        with pytest.raises(NotNarrowed):
            plain.all()
        with pytest.raises(ProgrammingError):
            forgotten.all()


IDS = ARRAY(Integer)
