"""Whether the business can send emails: its mailbox for answers is confirmed."""

from datetime import datetime

from app.extensions import db, settings
from app.health.check import Check
from app.health.finding import Verdict, ok, warning
from app.inbound.emails.answers_arrive import answers_go
from app.models import Tenant
from app.tenancy import current_tenant_id

OFF = "You send no emails, as you have not said where answers go. Under Setup, Business you can."


def look(now: datetime) -> Verdict | None:
    """None where no mail server is set up."""
    if settings().mail_server is None:
        return None
    tenant = db.session.get_one(Tenant, current_tenant_id())
    if tenant.reply_to_wanted and tenant.reply_to_wanted != tenant.reply_to:
        return warning(
            f"Nobody has confirmed yet that answers to your emails may go to"
            f" {tenant.reply_to_wanted}.",
            "Open the email that we sent there and follow its link, or let it be sent again under"
            " Setup, Business.",
        )
    return ok(answers_go(tenant) if tenant.reply_to else OFF)


CHECK = Check("email_answers", 90, "Whether your mailbox for answers is confirmed.", look)
