"""Messages that whoever wrote them changed or took back, which may be told before they are."""

from datetime import datetime

from sqlalchemy import delete, select, update
from sqlalchemy.dialects.postgresql import insert

from app import live
from app.channels.channel import Channel
from app.extensions import db
from app.lib.text.cleaning import preview
from app.models import Conversation, Media, Message, MessageRevision
from app.providers.meta import meta_events as events
from app.tenancy import current_tenant_id

AT_FIRST, TAKEN_BACK = 0, -1
UNSENT = "Took this message back"


def edited(channel: Channel, edit: events.Edited, account: str) -> None:
    _remember(edit.sid, edit.number, edit.body, edit.at)
    _settle(edit.sid)


def unsent(channel: Channel, unsent: events.Unsent, account: str) -> None:
    """Nothing of what it said is kept; that it was there is (Meta's app review asks for that)."""
    _remember(unsent.sid, TAKEN_BACK, "", unsent.at)
    _settle(unsent.sid)


def catch_up(sid: str) -> None:
    """A message has come: what was told of it before holds now."""
    _settle(sid)


def _remember(sid: str, number: int, body: str, at: datetime) -> None:
    row = insert(MessageRevision).values(
        tenant_id=current_tenant_id(), sid=sid, number=number, body=body, at=at
    )
    db.session.execute(row.on_conflict_do_nothing(index_elements=["tenant_id", "sid", "number"]))


def _settle(sid: str) -> None:
    """Commits. Locked, so that of two who tell of it at once the second sees what the first did."""
    message = db.session.scalar(
        select(Message).where(Message.provider_sid == sid).with_for_update()
    )
    known = select(MessageRevision).where(MessageRevision.sid == sid)
    last_first = known.order_by(MessageRevision.number.desc())
    revisions = {each.number: each for each in db.session.scalars(last_first)}
    if message is None or not revisions:
        db.session.commit()
        return
    if TAKEN_BACK in revisions:
        _take_back(message)
    else:
        _change(message, next(iter(revisions.values())).body)
    _show(message)
    db.session.commit()
    live.publish(current_tenant_id(), message.customer_id)


def _take_back(message: Message) -> None:
    said = MessageRevision.sid == message.provider_sid, MessageRevision.number >= AT_FIRST
    for gone in (
        delete(Media).where(Media.message_id == message.id),
        delete(MessageRevision).where(*said),
    ):
        db.session.execute(gone.execution_options(synchronize_session=False))
    message.body = UNSENT


def _change(message: Message, body: str) -> None:
    if message.body == body or not message.provider_sid:
        return
    _remember(message.provider_sid, AT_FIRST, message.body, message.created_at)
    message.body = body


def _show(message: Message) -> None:
    """In the list, where it is the last."""
    db.session.execute(
        update(Conversation)
        .where(Conversation.customer_id == message.customer_id)
        .where(Conversation.last_message_id == message.id)
        .values(preview=preview(message.body))
        .execution_options(synchronize_session=False)
    )
