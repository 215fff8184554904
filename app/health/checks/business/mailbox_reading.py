"""Whether the business's mailbox is read: the reading itself is the look."""

from datetime import datetime

from app.health.check import Check
from app.health.finding import Verdict, broken, ok, warning
from app.inbound.mailboxes.connect_mailbox import mailbox
from app.inbound.mailboxes.mailbox_state import PATIENCE
from app.inbound.mailboxes.trouble_words import WORDS
from app.lib.time.clock import lasted
from app.models import Mailbox
from app.providers.imap import Trouble


def look(now: datetime) -> Verdict | None:
    """None where it has none."""
    found = mailbox()
    return judge(found, now) if found else None


def judge(found: Mailbox, now: datetime) -> Verdict:
    if found.failing_since and now - found.failing_since >= PATIENCE:
        sentence, next_step = WORDS[Trouble(found.trouble or Trouble.FAULT)]
        passed = lasted(now - found.failing_since)
        return broken(
            f"Emails to {found.address} have not come in for {passed}: {sentence}",
            f"{next_step} The mailbox is under Setup, Email mailbox.",
        )
    if now - found.last_ok_at >= PATIENCE:
        return warning(
            f"Your mailbox {found.address} was last read {lasted(now - found.last_ok_at)} ago.",
            "Tell your operator: what reads it does not run.",
        )
    passed = lasted(now - found.last_ok_at)
    return ok(f"Emails to {found.address} come into the inbox. It was read {passed} ago.")


CHECK = Check("mailbox", 85, "Whether your mailbox is read, and when it was last.", look)
