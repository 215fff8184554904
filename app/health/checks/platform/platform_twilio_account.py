"""Whether Twilio lets in the account that businesses without their own use."""

from datetime import datetime

from app.extensions import settings
from app.health.check import Check
from app.health.finding import Verdict, broken, ok, warning
from app.providers import provider
from app.providers.contract import Account, SendError

NEXT = "Copy TWILIO_ACCOUNT_SID and TWILIO_AUTH_TOKEN from Twilio's console anew."


def look(now: datetime) -> Verdict | None:
    """None where the platform has no account."""
    sid, token, carrier = (
        settings().twilio_account_sid,
        settings().twilio_auth_token,
        provider("twilio"),
    )
    if not sid or not token or carrier is None:
        return None
    try:
        carrier.sign_in(Account(sid, token))
    except SendError as error:
        if error.code:
            return broken(error.reason, NEXT)
        return warning(
            "Twilio could not be reached.", "See whether this machine reaches TWILIO_API_URL."
        )
    return ok("Twilio lets the platform's account in.")


CHECK = Check(
    "twilio_sign_in", 35, "Whether Twilio takes the platform's account.", look, outside=True
)
