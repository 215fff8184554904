"""The rows of the list, found by key: whole, in order, and of one business."""

from sqlalchemy import select

from app.extensions import db
from app.inbox import conversation_commands as commands
from app.inbox import labelling
from app.inbox.conversation_log import By
from app.inbox.conversation_rows import rows
from app.lib.message_status import MessageStatus
from app.models import Conversation, Label, Reply, User
from app.models.label import Colour
from app.outbox.compose import drafts
from app.tenancy import tenant_scope
from tests.support.queries import statements
from tests.support.world import NOON, Business, hear, say


def test_a_row_has_all_that_the_list_shows_and_strangers_have_none(
    salon: Business, garage: Business
) -> None:
    hear(salon, "Hello", number="+13475550001")
    with tenant_scope(salon.id):
        anns, plain = db.session.scalars(select(Conversation.id).order_by(Conversation.id))
        maya = _adorn(salon)
    with tenant_scope(garage.id):
        strangers = db.session.scalars(select(Conversation.id)).one()
        db.session.rollback()
    with tenant_scope(salon.id):
        with statements() as seen:
            bare, adorned = rows([plain, strangers, anns], maya).answer
        assert len(seen) == 1
        assert (bare.id, bare.customer.name) == (plain, "+13475550001")
        assert (bare.labels, bare.assignee, bare.lost) == ((), None, None)
        assert (bare.open_reply, bare.last_call) == (None, None)
        assert (adorned.id, adorned.customer.name) == (anns, "Ann Salon")
        assert adorned.lost is MessageStatus.FAILED
        assert [label.name for label in adorned.labels] == ["a child", "Label of salon"]
        assert adorned.open_reply and adorned.open_reply.answer == "cancel"
        assert adorned.assignee == "Staff"
        assert (bare.draft, adorned.draft) == (None, "I look it up")
        [operators] = rows([anns], None).answer
        assert operators.draft is None
        assert rows([], maya).answer == []


def _adorn(salon: Business) -> int:
    """What a conversation can have beside it; who has it."""
    who, by = salon.customer_id, By(None)
    label = Label(name="a child", colour=Colour.GREEN)
    db.session.add(label)
    db.session.flush()
    labelling.add_label(who, label.id, by, NOON)
    maya = db.session.scalars(select(User.id).where(User.email == salon.staff)).one()
    commands.assign(who, maya, by, NOON)
    db.session.commit()
    hear(salon, "I cannot come")
    talk = db.session.scalars(select(Conversation).where(Conversation.customer_id == who)).one()
    heard = talk.last_message_id
    reply = Reply(message_id=heard, answer="cancel", outcome="to_staff", at=NOON)
    db.session.add(reply)
    db.session.flush()
    talk.open_reply_id = reply.id
    db.session.commit()
    drafts.put(maya, who, drafts.Begun("I look\n it up"), NOON)
    db.session.commit()
    say(salon, "Lost", status=MessageStatus.FAILED)
    return maya
