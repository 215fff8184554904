"""Labels and notes: once, by whom, and never another business's."""

from datetime import timedelta

import pytest
from sqlalchemy import delete, select, update
from sqlalchemy.exc import IntegrityError

from app.extensions import db
from app.inbox import conversations, labelling, thread, timeline
from app.inbox.conversation_log import By
from app.inbox.notes import LONGEST, BadNote, add_note
from app.models import (
    AutomationEvent,
    AutomationRule,
    ConversationEvent,
    ConversationLabel,
    Label,
    Message,
    Note,
    User,
)
from app.tenancy import tenant_scope
from tests.support import listed
from tests.support.queries import rows_read_by
from tests.support.world import NOON, Business, hear, say

RULE = By(rule_name="Price list")


def label(business: Business, name: str = "Quote") -> int:
    with tenant_scope(business.id):
        made = Label(name=name, colour="red")
        db.session.add(made)
        db.session.commit()
        return made.id


def names(business: Business) -> list[str]:
    with tenant_scope(business.id):
        found = labelling.among([business.customer_id]).get(business.customer_id, [])
        return [each.name for each in found]


def test_a_label_is_added_once_and_says_by_whom(salon: Business, garage: Business) -> None:
    quote = label(salon)
    with tenant_scope(salon.id):
        assert labelling.add_label(salon.customer_id, quote, RULE, NOON)
        assert not labelling.add_label(salon.customer_id, quote, By(), NOON)
        db.session.commit()
        row = select(ConversationLabel).where(ConversationLabel.label_id == quote)
        assert db.session.scalars(row).one().rule_name == "Price list"
        in_order = select(ConversationEvent).order_by(ConversationEvent.id)
        told = [event.about for event in db.session.scalars(in_order)]
        assert told == ["Label of salon", "Quote"]
        [happened] = db.session.scalars(select(AutomationEvent)).all()
        assert (happened.type, happened.facts) == (
            "label.added",
            {"label_id": quote, "label": "Quote"},
        )
        assert labelling.remove_label(salon.customer_id, quote, By(), NOON)
        assert not labelling.remove_label(salon.customer_id, quote, By(), NOON)
        db.session.commit()
    assert (names(salon), names(garage)) == (["Label of salon"], ["Label of garage"])


def test_neither_label_nor_customer_can_be_anothers(salon: Business, garage: Business) -> None:
    ours, theirs = label(salon), label(garage)
    with tenant_scope(salon.id):
        for do in (labelling.add_label, labelling.remove_label):
            with pytest.raises(labelling.NoSuchLabel):
                do(salon.customer_id, theirs, By(), NOON)
        with pytest.raises(IntegrityError):
            labelling.add_label(garage.customer_id, ours, By(), NOON)
        db.session.rollback()
        mine = conversations.Filter(label=theirs)
        assert listed.page(mine, now=NOON) == ([], None, None)


def test_names_that_read_the_same_are_one_label(salon: Business, garage: Business) -> None:
    label(salon, "Quote")
    label(garage, "quote")
    with pytest.raises(IntegrityError):
        label(salon, "QUOTE")
    db.session.rollback()


def test_a_deleted_label_is_off_all_conversations_and_stays_in_the_log(salon: Business) -> None:
    with tenant_scope(salon.id):
        db.session.execute(delete(Label))
        db.session.commit()
        events = db.session.scalars(select(ConversationEvent)).all()
    assert names(salon) == []
    assert [event.about for event in events] == ["Label of salon"]


def test_a_note_that_is_posted_twice_is_one(salon: Business, garage: Business) -> None:
    with tenant_scope(salon.id):
        assert add_note(salon.customer_id, "  Allergic\r\nto bleach ", By(), NOON, "posted-1")
        assert not add_note(salon.customer_id, "Allergic\nto bleach", By(), NOON, "posted-1")
        # Its first answer was lost, and then it was changed.
        assert add_note(salon.customer_id, "Allergic", By(), NOON, "posted-1")
        db.session.commit()
        bodies = [note.body for note in timeline.notes(salon.customer_id, None, None).answer]
    assert bodies == ["Note of salon", "Allergic\nto bleach", "Allergic"]
    with tenant_scope(garage.id):
        assert add_note(garage.customer_id, "Theirs", By(), NOON, "posted-1"), "their own token"
        db.session.rollback()


@pytest.mark.parametrize("text", ["", " \n\u200b ", "\x00", "x" * (LONGEST + 1)])
def test_a_note_without_words_or_end_is_refused(salon: Business, text: str) -> None:
    with tenant_scope(salon.id), pytest.raises(BadNote):
        add_note(salon.customer_id, text, By(), NOON)


def test_whoever_is_deleted_leaves_their_notes(salon: Business) -> None:
    with tenant_scope(salon.id):
        staff = db.session.scalars(select(User).where(User.email == salon.staff)).one()
        db.session.execute(update(Note).values(user_id=staff.id))
        db.session.execute(delete(User).where(User.id == staff.id))
        db.session.commit()
        [note] = timeline.notes(salon.customer_id, None, None).answer
        assert (note.body, note.user) == ("Note of salon", None)


def test_a_rule_that_is_deleted_leaves_its_name(salon: Business) -> None:
    with tenant_scope(salon.id):
        rule = AutomationRule(name="Price list", trigger="x", created_at=NOON, updated_at=NOON)
        db.session.add(rule)
        db.session.flush()
        add_note(salon.customer_id, "By a rule", By(rule_id=rule.id, rule_name=rule.name), NOON)
        db.session.delete(rule)
        db.session.commit()
        note = timeline.notes(salon.customer_id, None, None).answer[-1]
        assert (note.rule_id, note.rule_name) == (None, "Price list")


def test_notes_and_events_stand_between_the_messages_of_their_time(salon: Business) -> None:
    with tenant_scope(salon.id):
        db.session.execute(delete(Note))
        db.session.execute(delete(ConversationEvent))
        db.session.commit()
    for number in range(70):
        hear(salon, f"Text {number}", at=NOON + timedelta(minutes=number + 1))
        with tenant_scope(salon.id):
            at = NOON + timedelta(minutes=number + 1, seconds=30)
            add_note(salon.customer_id, f"Note {number}", By(), at)
            db.session.commit()
    lines: list[thread.Line] = []
    before = None
    with tenant_scope(salon.id):
        while True:
            page = thread.page(salon.customer_id, before)
            lines = [*page.lines, *lines]
            before = page.earlier
            if before is None:
                break
        told = [line.message or line.note for line in lines]
        said = [each.body for each in told if each]
    both = [text for number in range(70) for text in (f"Text {number}", f"Note {number}")]
    assert said == ["Hello from salon", *both]


@pytest.mark.parametrize("kind", ["note", "conversation_event"])
def test_notes_of_others_cost_a_thread_nothing(salon: Business, kind: str) -> None:
    for number in range(40):
        hear(salon, "Hello", number=f"+1347555{number:04d}")
    with tenant_scope(salon.id):
        ids = db.session.scalars(select(Message.customer_id)).all()
        quote = label(salon)
        for customer_id in ids:
            add_note(customer_id, "Note", By(), NOON)
            labelling.add_label(customer_id, quote, By(), NOON)
        db.session.commit()
        ask = {"note": timeline.notes, "conversation_event": timeline.events}[kind]
        assert rows_read_by(lambda: ask(salon.customer_id, None, None).answer, kind) <= 2


def test_no_note_is_ever_a_message(salon: Business) -> None:
    say(salon, "Hello")
    with tenant_scope(salon.id):
        before = db.session.scalars(select(Message.body)).all()
        add_note(salon.customer_id, "Between us", By(), NOON)
        db.session.commit()
        assert db.session.scalars(select(Message.body)).all() == before
