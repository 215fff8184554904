"""Whether emails have a way out."""

from datetime import datetime

from app.extensions import settings
from app.health.check import Check
from app.health.finding import Verdict, ok, warning


def look(now: datetime) -> Verdict:
    if settings().mail_server is None:
        return warning(
            "No mail server is set up, so that no email leaves, nor any to those who sign in.",
            "Set SMTP_URL and EMAIL_FROM (README), then start the processes again.",
        )
    return ok("A mail server is set up.")


CHECK = Check("mail_server", 80, "Whether SMTP_URL and EMAIL_FROM are set.", look)
