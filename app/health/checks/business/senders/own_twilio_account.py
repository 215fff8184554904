"""Whether Twilio lets in the business's own account."""

from datetime import datetime

from app.channels import CHANNELS
from app.extensions import db
from app.health.check import Check
from app.health.finding import Verdict, broken, ok, warning
from app.lib.vault import VaultError
from app.models import Tenant
from app.models.sender_number import OURS
from app.outbox.sender import account
from app.outbox.senders.twilio_senders import own_account
from app.providers import provider
from app.providers.contract import SendError
from app.tenancy import current_tenant_id

NEXT = "Copy the account SID and the auth token from Twilio's console anew, under Setup, Business."


def look(now: datetime) -> Verdict | None:
    """None where it uses our account."""
    tenant = db.session.get_one(Tenant, current_tenant_id())
    carrier = provider("twilio")
    if own_account(tenant) == OURS or carrier is None:
        return None
    try:
        vouching = account(tenant, CHANNELS["sms"])
    except VaultError:
        return broken("The auth token of your Twilio account cannot be read any more.", NEXT)
    # Nothing of the database is held while Twilio takes its time.
    db.session.rollback()
    try:
        if vouching:
            carrier.sign_in(vouching)
    except SendError as error:
        if error.code:
            return broken(error.reason, NEXT)
        return warning("Twilio could not be asked about your account.", "It is asked again soon.")
    return ok("Twilio lets your account in.")


CHECK = Check("twilio_sign_in", 12, "Whether Twilio takes your credentials.", look, outside=True)
