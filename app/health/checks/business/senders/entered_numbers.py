"""Whether the business has a number to write from, and none that does not count."""

from datetime import datetime

from app.channels import CHANNELS
from app.extensions import db
from app.health.check import Check
from app.health.finding import Verdict, broken, ok, warning
from app.models import NumberState, SenderNumber, Tenant
from app.numbers.rights import CHANNELS as BY_NUMBER
from app.numbers.rights import rights
from app.outbox.sender import sender
from app.tenancy import current_tenant_id

ASKING = "Twilio is being asked whether your number is in your account."
NONE = "No number is connected, so that you can neither send nor receive texts."
NEXT = (
    "Enter another number under Setup, Business, or put it right at Twilio and press “Check now”."
)


def look(now: datetime) -> Verdict:
    tenant = db.session.get_one(Tenant, current_tenant_id())
    odd = [row for row in rights(tenant) if row.state != NumberState.HELD]
    if refused := [row for row in odd if row.state != NumberState.CHECKING]:
        return broken(" ".join(map(_told, refused)), NEXT)
    if odd:
        return warning(" ".join(map(_told, odd)), "Wait some minutes. Nothing leaves from it yet.")
    if not any(sender(tenant, CHANNELS[key]) for key in BY_NUMBER):
        return broken(NONE, "Enter a number under Setup, Business, or ask us for one.")
    return ok("You have a number to write from.")


def _told(row: SenderNumber) -> str:
    return f"{CHANNELS[row.channel].label}: {row.reason or ASKING}"


CHECK = Check("sender_numbers", 20, "Whether the numbers that you entered count.", look)
