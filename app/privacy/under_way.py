"""What is at this moment on its way to or from somebody: it is settled before they are erased."""

from sqlalchemy import exists, select

from app.extensions import db
from app.lib.message_status import MessageStatus
from app.lib.telephone.call_outcome import CallOutcome
from app.models import Call, FileImport, ImportStatus, Message
from app.privacy import trace
from app.privacy.person import Person

SENDING = "A message to them is being sent. They are erased once it is known what became of it."
CALLING = "They are on the telephone. They are erased once the call has ended."
IMPORTING = "An import is under way. They are erased once it has ended."
IN_FLIGHT = (MessageStatus.SENDING, MessageStatus.CHECKING)
AT_WORK = (ImportStatus.CHECKING, ImportStatus.IMPORTING, ImportStatus.UNDOING)


def under_way(who: Person) -> str:
    """In a sentence; empty: nothing is."""
    sending = exists().where(Message.customer_id == who.id, Message.status.in_(IN_FLIGHT))
    calling = exists().where(trace.calls(who), Call.outcome == CallOutcome.RINGING)
    importing = exists().where(FileImport.status.in_(AT_WORK))
    for what, sentence in ((sending, SENDING), (calling, CALLING), (importing, IMPORTING)):
        if db.session.scalar(select(what)):
            return sentence
    return ""
