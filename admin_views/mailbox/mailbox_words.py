"""How the page tells what came of connecting a mailbox."""

from app.inbound.mailboxes.trouble_words import WORDS
from app.models import Mailbox
from app.providers.imap import MailboxError, Trouble

CONNECTED = (
    "Connected. Emails that come in from now on appear in the inbox; what was there before stays in"
    " the mailbox."
)
WORKS = "That works. Save it, and emails that come in from then on appear in the inbox."


def said(error: MailboxError) -> str:
    """What went wrong, and what to do next."""
    told = " ".join(WORDS[error.trouble])
    return f"{told} It has: {', '.join(error.folders)}." if error.folders else told


def trouble_of(stored: Mailbox | None) -> tuple[str, str] | None:
    """What hinders reading it, and what to do next; None: nothing does."""
    return WORDS[Trouble(stored.trouble)] if stored and stored.trouble else None
