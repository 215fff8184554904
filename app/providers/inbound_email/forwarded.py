"""Emails that hang on an email (message/rfc822), as a person reads them."""

from collections.abc import Iterable
from email.message import Message

from app.lib.mail import markup
from app.lib.text.cleaning import clean, shows
from app.providers.contract import File
from app.providers.inbound_email import head
from app.providers.inbound_email.mail_body import body
from app.providers.inbound_email.parts import Unreadable, part

RAW = "message/rfc822"
LINE = "---------- Forwarded message ----------"
NAMED = ("From", "Date", "Subject", "To")
# Nobody forwards more of them one by one to be read here; each is there as a file.
MOST = 5


def told(files: Iterable[File]) -> str:
    """Who wrote when, and what; empty where none hangs on it that can be read."""
    mails = [file for file in files if file.content_type == RAW][:MOST]
    return "\n\n".join(filter(None, map(_told, mails)))


def _told(file: File) -> str:
    try:
        whole = part(memoryview(file.content))
        found = body(whole)
    except (Unreadable, RecursionError):
        return ""
    text = clean(found.text).replace("\r\n", "\n").strip()
    said = text if shows(text) else markup.strangers_text(clean(found.html))
    return "\n".join([LINE, *_named(whole.head), "", said]).strip() if whole.head.keys() else ""


def _named(mail_head: Message) -> list[str]:
    values = [(name, head.field(mail_head, name)) for name in NAMED]
    return [f"{name}: {value}" for name, value in values if value]
