"""Where an answer to an email of the business's ends up, as its people are told."""

from app.inbound.mailboxes.connect_mailbox import mailbox
from app.models import Tenant
from app.outbox.delivery.return_addresses import inbound_domain


def answers_go(tenant: Tenant) -> str:
    """Of the business in scope; empty: it sends no emails."""
    if tenant.reply_to is None:
        return ""
    if inbound_domain(tenant):
        return "Answers come into this inbox."
    read = mailbox()
    if read and read.address == tenant.reply_to:
        return f"Answers go to {tenant.reply_to} and come into this inbox."
    if read:
        return f"Answers go to {tenant.reply_to}. This inbox reads another mailbox, {read.address}."
    if tenant.email_token_sealed:
        return f"Answers go to {tenant.reply_to}, and come into this inbox if they are passed on."
    return f"Answers go to your own mailbox, {tenant.reply_to}."
