"""Whether emails have a way out: the mail server lets us in."""

from datetime import datetime

from app.extensions import settings
from app.health.check import Check
from app.health.finding import Verdict, broken, ok, warning
from app.providers import provider
from app.providers.contract import Account, SendError

NEXT = "Check SMTP_URL: its host, port, user and password."
UNREACHABLE = "The mail server could not be reached, or did not want to talk to us now."


def look(now: datetime) -> Verdict:
    server, carrier = settings().mail_server, provider("smtp")
    if server is None or carrier is None:
        return warning(
            "No mail server is set up, so that no email leaves, nor any to those who sign in.",
            "Set SMTP_URL and EMAIL_FROM (README), then start the processes again.",
        )
    try:
        carrier.sign_in(Account(server.user, server.password))
    except SendError as error:
        if error.sender_at_fault:
            return broken("The mail server does not let us sign in: no email leaves.", NEXT)
        return warning(UNREACHABLE, NEXT)
    return ok("The mail server lets us in.")


CHECK = Check("mail_server", 80, "Whether the mail server lets us in.", look, outside=True)
