"""Whether the business's numbers are in its account."""

from datetime import datetime

from app.channels import CHANNELS
from app.health.check import Check
from app.health.finding import Verdict, broken, ok
from app.health.twilio_lines import lines
from app.lib.vault import VaultError

GONE = "Twilio has no such number in the account: nothing can be sent from it."
NEXT = "Buy or move it there in Twilio's console, or enter another one under Setup, Business."


def look(now: datetime) -> Verdict | None:
    """None where it has no number of its own, or its token is not known. Raises SendError."""
    try:
        asked = lines()
    except VaultError:
        return None
    gone = [
        f"{CHANNELS[each.channel].label}, {each.shown}: {GONE}" for each in asked if not each.line
    ]
    if gone:
        return broken(" ".join(gone), NEXT)
    return ok("Your numbers are in the Twilio account.") if asked else None


CHECK = Check("twilio_numbers", 15, "Whether Twilio has your numbers.", look, outside=True)
