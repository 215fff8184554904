"""What waits to be sent from a number that its business does not write from any more is refused."""

from datetime import datetime

from sqlalchemy import ColumnElement, and_, case, exists, or_

from app.channels import CHANNELS
from app.models import Message, Tenant
from app.outbox.queue.fail_waiting import fail_waiting
from app.outbox.sender import has_own_account, platforms

NOT_ITS_OWN = (
    "The number that this message was to leave from is not the business's any more. Try it again:"
    " it then leaves from the present one."
)


def from_its_own() -> ColumnElement[bool]:
    """The condition that a message leaves from a number of its business, by the account that the
    business uses now; other addresses are ours."""
    own = {"sms": Tenant.sms_from, "whatsapp": Tenant.whatsapp_from}
    shared = platforms()
    numbers = [
        (
            Message.channel == key,
            or_(
                Message.sender == number,
                and_(~has_own_account(), Message.sender == shared.get(key)),
            ),
        )
        for key, number in own.items()
        if key in CHANNELS
    ]
    return exists().where(Tenant.id == Message.tenant_id, case(*numbers, else_=True))


def refuse_foreign(now: datetime) -> int:
    """What is due and would leave from a foreign number has failed, committed; how many."""
    return fail_waiting(NOT_ITS_OWN, Message.send_after <= now, ~from_its_own())
