"""Whether the business can send emails: its mailbox for answers is confirmed."""

from datetime import datetime

from app.extensions import db, settings
from app.health.check import Check
from app.health.finding import Verdict, ok, warning
from app.inbound.emails.answers_arrive import answers_go
from app.models import Tenant
from app.outbox.reply_to.reply_address import Link
from app.tenancy import current_tenant_id

OFF = "You send no emails, as you have not said where answers go. Under Setup, Business you can."

WAITING = (
    "Nobody has confirmed yet that answers to your emails may go to {address}.",
    "Open the email that we sent there and follow its link, or let it be sent again under Setup,"
    " Business.",
)
REFUSED = (
    "The mail server did not take the link by which {address} says that answers may go there.",
    "See under Setup, Business whether the address is right, and let the link be sent again.",
)


def look(now: datetime) -> Verdict | None:
    """None where no mail server is set up."""
    if settings().mail_server is None:
        return None
    tenant = db.session.get_one(Tenant, current_tenant_id())
    if tenant.reply_to_wanted and tenant.reply_to_wanted != tenant.reply_to:
        told, next_step = REFUSED if tenant.reply_to_link == Link.REFUSED else WAITING
        return warning(told.format(address=tenant.reply_to_wanted), next_step)
    return ok(answers_go(tenant) if tenant.reply_to else OFF)


CHECK = Check("email_answers", 90, "Whether your mailbox for answers is confirmed.", look)
