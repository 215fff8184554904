"""What waits to be sent from an address that is not its business's any more is refused."""

from datetime import datetime

from sqlalchemy import ColumnElement, case, exists

from app.models import Message, Tenant
from app.outbox.queue.fail_waiting import fail_waiting
from app.outbox.senders import SENDERS

NOT_ITS_OWN = (
    "The number that this message was to leave from is not the business's any more. Try it again:"
    " it then leaves from the present one."
)


def from_its_own() -> ColumnElement[bool]:
    """The condition that a message leaves from an address of its business, by the account that the
    business uses now; other addresses are ours."""
    cases = [each for senders in SENDERS.values() for each in senders.own_senders()]
    return exists().where(Tenant.id == Message.tenant_id, case(*cases, else_=True))


def refuse_foreign(now: datetime) -> int:
    """What is due and would leave from a foreign number has failed, committed; how many."""
    return fail_waiting(NOT_ITS_OWN, Message.send_after <= now, ~from_its_own())
