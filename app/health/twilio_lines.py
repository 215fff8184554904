"""What Twilio says of the numbers of the business in scope, asked once for all checks."""

from dataclasses import dataclass

from app.channels import CHANNELS
from app.extensions import db
from app.lib.memo import memoized
from app.lib.telephone.phone import pretty
from app.models import Tenant
from app.outbox.sender import account
from app.providers import provider
from app.providers.contract import Account, Line, Provider, SendError
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


@dataclass(frozen=True)
class Question:
    """All that is needed to ask, so that nothing of the database is held meanwhile."""

    carrier: Provider
    account: Account
    country: str
    numbers: dict[str, str]
    """By channel, of RCS its sender: its own alone, as those of the platform are the operator's."""

    def ask(self) -> list[Asked]:
        """Raises SendError."""
        return [
            Asked(
                key,
                number,
                pretty(number, self.country),
                self.carrier.line(self.account, CHANNELS[key], number),
            )
            for key, number in self.numbers.items()
        ]


def lines() -> list[Asked]:
    """Raises SendError, and VaultError when the tenant's token cannot be opened."""
    told = memoized("lines", _ask)
    if isinstance(told, SendError):
        raise told
    return told


def _ask() -> list[Asked] | SendError:
    question = about_own_numbers()
    try:
        return question.ask() if question else []
    except SendError as error:
        return error


def about_own_numbers() -> Question | None:
    """None where the business has no account to ask. Raises VaultError; afterwards no transaction
    is open."""
    tenant = db.session.get_one(Tenant, current_tenant_id())
    own = {"sms": tenant.sms_from, "whatsapp": tenant.whatsapp_from, "rcs": tenant.rcs_sender}
    numbers = {channel: number for channel, number in own.items() if number}
    country = tenant.country
    vouching, carrier = account(tenant, CHANNELS["sms"]), provider("twilio")
    db.session.rollback()
    if vouching is None or carrier is None:
        return None
    return Question(carrier, vouching, country, numbers)
