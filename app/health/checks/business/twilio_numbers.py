"""Whether the business's numbers are in its account, and can be used."""

from datetime import datetime

from app.channels import CHANNELS
from app.health.check import Check
from app.health.finding import Verdict, broken, ok
from app.health.twilio_lines import Asked, lines
from app.lib.vault import VaultError

GONE = "Twilio has no such number in the account: nothing can be sent from it."
NEXT = "Buy or move it there in Twilio's console, or enter another one under Setup, Business."


def look(now: datetime) -> Verdict | None:
    """None where it has no number of its own, or its token is not known. Raises SendError."""
    try:
        asked = lines()
    except VaultError:
        return None
    wrong = [said for each in asked if (said := _wrong(each))]
    if wrong:
        return broken(" ".join(wrong), NEXT)
    return ok("Your numbers are in the Twilio account, and can be used.") if asked else None


def _wrong(asked: Asked) -> str:
    trouble = GONE if asked.line is None else asked.line.trouble
    return f"{CHANNELS[asked.channel].label}, {asked.number}: {trouble}" if trouble else ""


CHECK = Check("twilio_numbers", 15, "What Twilio says of your numbers.", look, outside=True)
