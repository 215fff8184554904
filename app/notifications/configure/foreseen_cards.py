"""The cards that a business's reminders will need (app/outbox/delivery/button_cards.py) are asked
for before the first one goes, so that it has its buttons."""

from datetime import datetime

from sqlalchemy import select

from app.channels import CHANNELS
from app.extensions import db, settings
from app.models import MessageTemplate, Tenant
from app.notifications.configure.sample import sample
from app.notifications.content.templates import KINDS
from app.notifications.content.wording import BadTemplate, filled
from app.outbox.delivery import button_cards
from app.outbox.delivery.button_cards import REMINDER
from app.outbox.senders.twilio_senders import own_account
from app.tenancy import tenant_scope

SMS = CHANNELS["sms"]


def foresee(now: datetime) -> int:
    """Ask for what the reminders of each business with RCS would need as they are worded now,
    committed; of how many businesses."""
    with_rcs = select(Tenant.id).where(Tenant.rcs_sender.is_not(None)).order_by(Tenant.id)
    ids = db.session.scalars(with_rcs).all()
    for tenant_id in ids:
        with tenant_scope(tenant_id):
            _ask(db.session.get_one(Tenant, tenant_id), now)
        db.session.remove()
    return len(ids)


def _ask(tenant: Tenant, now: datetime) -> None:
    account = own_account(tenant) or settings().twilio_account_sid or ""
    texts = select(MessageTemplate).where(
        MessageTemplate.type == REMINDER, MessageTemplate.channel == SMS.key
    )
    wanted = {}
    for template in db.session.scalars(texts):
        told = sample(KINDS[REMINDER], tenant, template.language, now)
        try:
            text = filled(template, told, SMS, tenant).body
        except BadTemplate:
            continue
        if card := button_cards.filled(text, template.language, tenant, ""):
            wanted[tenant.id, account, card.digest] = card
    button_cards.ask_for(wanted, now)
