"""Whether WhatsApp has approved the templates that the business wrote down as approved."""

from collections.abc import Collection, Mapping
from datetime import datetime

from sqlalchemy import select, update

from app.channels import CHANNELS
from app.extensions import db
from app.health.check import Check
from app.health.finding import Verdict, broken, ok, warning
from app.lib.vault import VaultError
from app.models import MessageTemplate, Tenant, WhatsappTemplate
from app.outbox.sender import account
from app.providers import provider
from app.providers.contract import Approval, Review
from app.tenancy import current_tenant_id

# Each is a question to Twilio; those in use come first.
MOST, MOST_NAMED = 50, 5
GONE = Review(Approval.REFUSED, "is not in the Twilio account")
NEXT = (
    "Put it right in Twilio's Content Template Builder, or choose another one under Setup,"
    " Automatic messages."
)
WAIT = "Until it is approved WhatsApp takes nothing that is made from it."


def look(now: datetime) -> Verdict | None:
    """None where it has no templates, or its account's token is not known. Raises SendError."""
    names, used = _names()
    try:
        said = _reviewed(list(names))
    except VaultError:
        return None
    _keep(said)
    refused = {sid: each for sid, each in said.items() if each.approval is Approval.REFUSED}
    waiting = {sid: each for sid, each in said.items() if each.approval is Approval.WAITING}
    if refused:
        judged = broken if used.intersection(refused) else warning
        return judged(_told(refused, names), NEXT)
    if waiting:
        return warning(_told(waiting, names), WAIT)
    return ok("WhatsApp has approved your templates.") if said else None


def _names() -> tuple[dict[str, str], set[str]]:
    """The names by SID, and the SIDs of those that an automatic message is made from."""
    in_use = select(MessageTemplate.approved_id).where(MessageTemplate.approved_id.is_not(None))
    used = set(db.session.scalars(in_use))
    whatsapps = select(WhatsappTemplate).where(WhatsappTemplate.channel == "whatsapp")
    rows = list(db.session.scalars(whatsapps.order_by(WhatsappTemplate.id)))
    rows.sort(key=lambda row: row.id not in used)
    names = {row.content_sid: str(row) for row in rows[:MOST]}
    return names, {row.content_sid for row in rows if row.id in used}


def _reviewed(sids: Collection[str]) -> dict[str, Review]:
    """While nothing of the database is held. Raises SendError and VaultError."""
    tenant = db.session.get_one(Tenant, current_tenant_id())
    vouching, carrier = account(tenant, CHANNELS["whatsapp"]), provider("twilio")
    db.session.rollback()
    if vouching is None or carrier is None:
        return {}
    return {sid: carrier.review(vouching, sid) or GONE for sid in sids}


def _keep(said: Mapping[str, Review]) -> None:
    """Nothing is made from a template that is refused, committed."""
    for sid, each in said.items():
        refused = each.said if each.approval is Approval.REFUSED else ""
        of_it = (WhatsappTemplate.content_sid == sid, WhatsappTemplate.refused != refused)
        db.session.execute(update(WhatsappTemplate).where(*of_it).values(refused=refused))
    db.session.commit()


def _told(found: Mapping[str, Review], names: Mapping[str, str]) -> str:
    told = [f"“{names[sid]}” {each.said}" for sid, each in found.items()]
    more = f", and {len(told) - MOST_NAMED} more" if len(told) > MOST_NAMED else ""
    return f"WhatsApp: {'; '.join(told[:MOST_NAMED])}{more}."


CHECK = Check(
    "refused_templates", 60, "Whether WhatsApp has approved your templates.", look, outside=True
)
