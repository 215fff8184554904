"""Whether the business's RCS sender is online."""

from datetime import datetime

from app.health.check import Check
from app.health.finding import Verdict, ok, warning
from app.health.twilio_lines import lines
from app.lib.vault import VaultError

NEXT = "Open Messaging, Senders, RCS senders in Twilio's console. Texts go by SMS meanwhile."


def look(now: datetime) -> Verdict | None:
    """None where it has no RCS sender, or its token is not known. Raises SendError."""
    try:
        found = next((each for each in lines() if each.channel == "rcs"), None)
    except VaultError:
        return None
    if found is None or found.line is None:
        return None
    if found.line.trouble:
        return warning(f"{found.shown}: {found.line.trouble}", NEXT)
    return ok(f"{found.shown} is online for RCS.")


CHECK = Check("rcs_sender", 22, "What Twilio says of your RCS sender.", look, outside=True)
