"""The counters say what counting would, after any history; and no page counts."""

from collections.abc import Callable
from datetime import timedelta
from itertools import product
from random import Random

import pytest
from sqlalchemy import delete, event, func, select
from sqlalchemy.engine import Engine
from sqlalchemy.exc import OperationalError

from app.extensions import db
from app.inbox import conversation_commands as commands
from app.inbox import conversations, failures, labelling, thread
from app.inbox.conversation_log import By
from app.inbox.conversations import Filter
from app.inbox.list_views import View, which
from app.inbox.lists.conversation_counts import counts
from app.inbox.lists.sum_counts import sum_counts
from app.inbox.wake import wake
from app.lib.message_status import MessageStatus
from app.models import Conversation, ConversationCount, Customer, Label, Message, User
from app.outbox.compose.ledger import enter
from app.tenancy import tenant_scope
from tests.support import owner
from tests.support.browser import Browser
from tests.support.world import NOON, Business, hear

PEOPLE = {f"+1347555{number:04d}": number for number in range(4)}


def lists(business: Business) -> list[Filter]:
    """Every list that a business can look at, as far as words are none of it."""
    labels = [None, *db.session.scalars(select(Label.id))]
    users = list(db.session.scalars(select(User.id)))
    parts = product(View, labels, ("", "sms", "whatsapp"), [None, *users], (False, True))
    return [
        Filter(view, users[0], label, "", channel, user, unread)
        for view, label, channel, user, unread in parts
    ]


def counted(wanted: Filter) -> int:
    """By counting the rows."""
    query = select(func.count()).select_from(Conversation)
    query = query.where(*which(wanted.view, wanted.mine, NOON))
    return db.session.scalar(conversations._narrowed(query, wanted)) or 0


def steps(business: Business, chance: Random) -> list[Callable[[], object]]:
    """What can happen to the conversation with somebody."""
    who = chance.choice(list(db.session.scalars(select(Customer.id))))
    user = chance.choice([None, *db.session.scalars(select(User.id))])
    label = chance.choice(list(db.session.scalars(select(Label.id))))
    number, channel = chance.choice(list(PEOPLE)), chance.choice(["sms", "whatsapp"])
    status = chance.choice([MessageStatus.FAILED, MessageStatus.UNKNOWN, MessageStatus.DELIVERED])

    def write() -> None:
        by_hand = chance.random() < 0.5
        message = Message(
            customer_id=who,
            channel=channel,
            direction="outbound",
            status=status,
            body="Hello",
            sender=business.number,
            recipient=number,
            created_at=NOON,
            author_id=user if by_hand else None,
        )
        enter(message, by_hand=by_hand)

    def dismiss() -> object:
        lost = failures.last(who)
        return lost and failures.dismiss(lost)

    return [
        lambda: hear(business, "Hi", number=number, channel=channel),
        write,
        dismiss,
        lambda: commands.close(who, By(), NOON),
        lambda: commands.snooze(who, NOON + timedelta(hours=1), By(), NOON),
        lambda: commands.open_(who, By(), NOON),
        lambda: commands.finish(who, By(), NOON),
        lambda: commands.assign(who, user, By(), NOON),
        lambda: labelling.add_label(who, label, By(), NOON),
        lambda: labelling.remove_label(who, label, By(), NOON),
        lambda: thread.mark_read(who, 2**40, 2**30),
        lambda: wake(NOON + timedelta(hours=2)) and None,
    ]


def test_after_any_history_the_counts_are_those_of_the_rows(
    salon: Business, garage: Business
) -> None:
    chance = Random(14)
    with tenant_scope(garage.id):
        before = counts(lists(garage))
    with tenant_scope(salon.id):
        db.session.add(Label(name="Second"))
        db.session.commit()
    for turn in range(120):
        with tenant_scope(salon.id):
            chance.choice(steps(salon, chance))()
            db.session.commit()
            if turn % 30 == 29:
                wanted = lists(salon)
                assert counts(wanted) == [counted(each) for each in wanted], turn
        if turn % 40 == 39:
            sum_counts(enough=1)
    with tenant_scope(salon.id):
        assert counts([Filter(View.ALL)])[0] > 3
        doomed = delete(Customer).where(Customer.id != salon.customer_id)
        db.session.execute(doomed.execution_options(synchronize_session=False))
        db.session.execute(delete(Label).where(Label.name == "Second"))
        db.session.commit()
        wanted = lists(salon)
        assert counts(wanted) == [counted(each) for each in wanted]
    with tenant_scope(garage.id):
        assert counts(lists(garage)) == before


def test_summing_up_leaves_one_counter_of_a_kind_and_the_same_numbers(salon: Business) -> None:
    for number in PEOPLE:
        hear(salon, "Hi", number=number)
    with tenant_scope(salon.id):
        before = counts(lists(salon))
    assert sum_counts(enough=1), "the stranger's, too"
    assert sum_counts(enough=1) == 0, "there is nothing new"
    with tenant_scope(salon.id):
        assert counts(lists(salon)) == before
        kinds = select(func.count()).select_from(ConversationCount)
        assert db.session.scalar(kinds) < len(PEOPLE) + 2
        assert db.session.scalar(select(func.min(ConversationCount.conversations))) > 0


def test_a_label_and_a_change_at_the_same_time_are_both_counted(salon: Business) -> None:
    """Whoever is second waits, and counts what the first did."""
    with tenant_scope(salon.id):
        label = Label(name="At once")
        db.session.add(label)
        db.session.commit()
        labelling.add_label(salon.customer_id, label.id, By(), NOON)
        with owner.engine().connect() as other:
            other.exec_driver_sql("SET lock_timeout = '50ms'")
            with pytest.raises(OperationalError, match="lock timeout"):
                other.exec_driver_sql(
                    f"UPDATE conversation SET closed_at = now() WHERE tenant_id = {salon.id}"
                )
            other.invalidate()
        db.session.rollback()


def test_a_page_of_the_inbox_counts_no_rows(salon: Business, staff: Browser) -> None:
    sent: list[str] = []

    def note(_conn: object, _cursor: object, statement: str, *_rest: object) -> None:
        sent.append(statement.lower())

    event.listen(Engine, "before_cursor_execute", note)
    try:
        for page in ("/messages", f"/messages/{salon.customer_id}", "/messages/views?part=menu"):
            assert staff.get(page).status_code == 200
    finally:
        event.remove(Engine, "before_cursor_execute", note)
    assert sent
    assert not [each for each in sent if "count(" in each]
    of_counters = [each for each in sent if "sum(" in each]
    assert of_counters and not any("from conversation " in each for each in of_counters)
