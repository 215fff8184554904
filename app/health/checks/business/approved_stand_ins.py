"""Whether automatic messages can go by WhatsApp at any time."""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from app.channels import CHANNELS
from app.extensions import db
from app.health.check import Check
from app.health.finding import Verdict, ok, warning
from app.models import MessageTemplate, Tenant
from app.notifications.configure.template_choice import possible
from app.notifications.settings import wanted
from app.tenancy import current_tenant_id

NEXT = "Choose an approved template for each under Setup, Automatic messages, or let it go by SMS."


def look(now: datetime) -> Verdict | None:
    """None where nothing goes by WhatsApp, or all of it may go by SMS instead."""
    by_whatsapp = _by_whatsapp()
    if not by_whatsapp or db.session.get_one(Tenant, current_tenant_id()).whatsapp_falls_back:
        return None
    lacking = {row.type for row in _texts(by_whatsapp) if not row.goes_any_time}
    if not lacking:
        return ok("Every automatic message by WhatsApp has an approved template.")
    named = ", ".join(by_whatsapp[key] for key in by_whatsapp if key in lacking)
    return warning(
        f"By WhatsApp only customers who wrote within a day get this, as no approved template"
        f" stands in for it: {named}.",
        NEXT,
    )


def _by_whatsapp() -> dict[str, str]:
    """The labels of the kinds that are on, by key."""
    channel = CHANNELS["whatsapp"]
    kinds = [each for each in wanted().values() if each.enabled and each.channel == channel.key]
    return {kind.type.key: kind.type.label for kind in kinds if possible(kind.type, channel)}


def _texts(kinds: dict[str, str]) -> list[MessageTemplate]:
    query = (
        select(MessageTemplate)
        .where(MessageTemplate.channel == "whatsapp", MessageTemplate.type.in_(kinds))
        .options(joinedload(MessageTemplate.approved))
    )
    return list(db.session.scalars(query))


CHECK = Check(
    "whatsapp_templates", 80, "Whether WhatsApp has approved a template for each message.", look
)
