"""What Twilio says of the numbers of the business in scope, asked once for all checks."""

from dataclasses import dataclass

from app.channels import CHANNELS
from app.extensions import db
from app.lib.memo import memoized
from app.lib.telephone.phone import pretty
from app.models import Tenant
from app.outbox.sender import account
from app.providers import provider
from app.providers.contract import Line, SendError
from app.tenancy import current_tenant_id


@dataclass(frozen=True)
class Asked:
    """A number of its own."""

    channel: str
    number: str
    """In E.164."""
    shown: str
    """As people write it."""
    line: Line | None
    """None: the account has no such number."""


def lines() -> list[Asked]:
    """Of its own numbers alone: those of the platform are the operator's. Raises SendError, and
    VaultError when the tenant's token cannot be opened."""
    told = memoized("lines", _ask)
    if isinstance(told, SendError):
        raise told
    return told


def _ask() -> list[Asked] | SendError:
    tenant = db.session.get_one(Tenant, current_tenant_id())
    own = {"sms": tenant.sms_from, "whatsapp": tenant.whatsapp_from}
    country = tenant.country
    vouching, carrier = account(tenant, CHANNELS["sms"]), provider("twilio")
    # Nothing of the database is held while Twilio takes its time.
    db.session.rollback()
    if vouching is None or carrier is None:
        return []
    try:
        return [
            Asked(
                key, number, pretty(number, country), carrier.line(vouching, CHANNELS[key], number)
            )
            for key, number in own.items()
            if number
        ]
    except SendError as error:
        return error
