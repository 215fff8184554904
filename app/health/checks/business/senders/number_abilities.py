"""Whether the business's number can carry texts, pictures and calls."""

from datetime import datetime

from app.extensions import db
from app.health.check import Check
from app.health.finding import Verdict, broken, ok, warning
from app.health.twilio_lines import Asked, lines
from app.lib.vault import VaultError
from app.models import Tenant
from app.providers.contract import Ability
from app.tenancy import current_tenant_id

NEXT = "Buy a number in Twilio's console that can, and enter it under Setup, Business."
# Elsewhere pictures go by a link, whatever the number can.
# https://help.twilio.com/articles/223179808
PICTURES_IN = "+1"


def look(now: datetime) -> Verdict | None:
    """None where no number for texts is in its account, or its token is not known. Raises
    SendError."""
    try:
        found = next((each for each in lines() if each.channel == "sms" and each.line), None)
    except VaultError:
        return None
    return _judged(found) if found else None


def _judged(found: Asked) -> Verdict:
    can = found.line.abilities if found.line else frozenset()
    if Ability.TEXTS not in can:
        return broken(f"Twilio says that {found.shown} cannot send texts.", NEXT)
    if Ability.CALLS not in can and _wants_calls():
        return warning(
            f"Twilio says that {found.shown} takes no calls, so that none is forwarded.", NEXT
        )
    if Ability.PICTURES not in can and found.number.startswith(PICTURES_IN):
        return warning(
            f"Twilio says that {found.shown} carries no pictures (MMS): those that you send or"
            " customers send you do not arrive.",
            NEXT,
        )
    return ok(f"{found.shown} carries {_listed(can)}.")


def _wants_calls() -> bool:
    return bool(db.session.get_one(Tenant, current_tenant_id()).forward_calls_to)


def _listed(can: frozenset[Ability]) -> str:
    *some, last = [ability.value for ability in Ability if ability in can]
    return f"{', '.join(some)} and {last}" if some else last


CHECK = Check(
    "number_abilities",
    16,
    "Whether your number carries texts, pictures, calls.",
    look,
    outside=True,
)
