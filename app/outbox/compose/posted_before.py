"""What a form has made already that is posted again, as its answer was lost: by its client_token
(idempotency key). With other words in it, it is another message, and never taken for the first."""

from typing import TypeVar

from sqlalchemy import select

from app.extensions import db
from app.lib.message_status import MessageStatus
from app.lib.text.cleaning import clean
from app.lib.text.homoglyphs import plain
from app.models import Message, ScheduledMessage
from app.outbox.refused import SentAlready

ANOTHER_TEXT = (
    "What stood here when you sent it before has gone already, and stands in the conversation. Look"
    " there; to send what stands here now, too, press Send again."
)
TAKEN_BACK = "This message was taken back meanwhile. To send it after all, press Send again."

Made = TypeVar("Made", Message, ScheduledMessage)


def message(client_token: str | None) -> Message | None:
    if not client_token:
        return None
    return db.session.scalar(select(Message).where(Message.client_token == client_token))


def scheduled(client_token: str | None) -> ScheduledMessage | None:
    if not client_token:
        return None
    waits = select(ScheduledMessage).where(ScheduledMessage.client_token == client_token)
    return db.session.scalar(waits)


def same(made: Made, customer_id: int, body: str | None) -> Made:
    """What the form made, where it still says that (None: it has no text of its own). Raises
    SentAlready."""
    if isinstance(made, Message) and made.status is MessageStatus.CANCELLED:
        raise SentAlready(TAKEN_BACK)
    another = body is not None and _said(body) != _said(made.body)
    if another or made.customer_id != customer_id:
        raise SentAlready(ANOTHER_TEXT)
    return made


def _said(text: str) -> str:
    """However its signs were written (homoglyphs.py)."""
    return plain(clean(text).replace("\r\n", "\n").strip())
