"""Whether the business's number is online on WhatsApp, and stays so."""

from datetime import datetime

from app.health.check import Check
from app.health.finding import Verdict, broken, ok, warning
from app.health.twilio_lines import lines
from app.lib.vault import VaultError

NEXT = "Open Messaging, Senders, WhatsApp senders in Twilio's console: it says what to do."
SLOW_DOWN = "Write only to those who expect it, and drop what people do not want to read."


def look(now: datetime) -> Verdict | None:
    """None where no number of its own is a sender on WhatsApp, or its token is not known. Raises
    SendError."""
    try:
        found = next((each for each in lines() if each.channel == "whatsapp"), None)
    except VaultError:
        return None
    if found is None or found.line is None:
        return None
    if found.line.trouble:
        return broken(f"{found.shown}: {found.line.trouble}", NEXT)
    if found.line.warning:
        return warning(f"{found.shown}: {found.line.warning}", SLOW_DOWN)
    return ok(f"{found.shown} is online on WhatsApp.")


CHECK = Check("whatsapp_sender", 19, "What WhatsApp says of your number.", look, outside=True)
