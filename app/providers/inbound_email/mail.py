"""An email taken apart, whoever posted it to us, and the same in our words."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from email.message import Message
from hashlib import sha256
from typing import Any

from app.lib.mail import invitation, markup
from app.lib.mail.automatic_mail import nature
from app.lib.mail.quotes import own_words
from app.lib.text.cleaning import clean, shows
from app.providers.contract import EmailReport, File, Received, ReceivedLetter
from app.providers.inbound_email import forwarded, head
from app.providers.inbound_email.forwarded import RAW
from app.providers.inbound_email.plain_bounces import plain_bounce
from app.providers.inbound_email.reports import report
from app.providers.inbound_email.winmail import unpacked

LONGEST_TEXT = 100_000
# Of what it quotes more is kept, and shown when it is asked for.
LONGEST_WHOLE = 200_000
# Beyond it no person has set an email; its text is shown.
LONGEST_HTML = 500_000
CUT = "\n[…]"
NOT_READ = "This email could not be read. It is attached as it came."


@dataclass(frozen=True)
class Mail:
    head: Message
    text: str
    html: str
    files: tuple[File, ...]
    recipient: str = ""
    """By the envelope, where it is told: of several that To names only one is the business."""
    envelope: str | None = None
    """The envelope's sender; empty: a bounce has none; None: it is not told."""


def received(mail: Mail) -> Received:
    """The email in our words."""
    mail = _opened(mail)
    name, address = head.sender(mail.head)
    written, below = _text(mail), forwarded.told(mail.files)
    whole = "\n\n".join(filter(shows, (written, below)))
    body = own_words(written) if shows(written) else below
    subject = head.subject(mail.head)
    marks = nature(head.marks(mail.head), address, subject, mail.envelope)
    said = body if shows(body) else subject
    return Received(
        sid=_sid(mail, address, whole),
        address=address,
        aliases=(),
        recipient=_recipient(mail),
        name=name,
        # Many an email is nothing but its subject: then that is what they say.
        body=_cut(said, LONGEST_TEXT),
        attachments=(),
        letter=ReceivedLetter(
            id=head.message_id(mail.head),
            subject=subject if said == body else "",
            answers=head.answers(mail.head),
            whole=_cut(whole, LONGEST_WHOLE) if whole != body else "",
            files=mail.files,
            nature=marks,
            html=_html(mail),
            recipients=head.recipients(mail.head, mail.recipient),
            invitation=_invitation(mail.files),
            # A person may hand one on.
            report=None if marks.personal else _report(mail, written),
        ),
    )


def _report(mail: Mail, text: str) -> EmailReport | None:
    return report(mail.files) or plain_bounce(mail.head, text)


def unreadable(raw: bytes, mail_head: Message) -> Received:
    """An email of which no more than its head can be read, kept as it came."""
    return received(Mail(mail_head, NOT_READ, "", (File(RAW, raw, "email.eml"),)))


def _opened(mail: Mail) -> Mail:
    """With what is in a winmail.dat in its place; its text counts where the email has none."""
    found = unpacked(mail.files)
    text, html = (
        (mail.text, mail.html) if shows(mail.text + mail.html) else (found.text, found.html)
    )
    return replace(mail, text=text, html=html, files=found.files)


def _html(mail: Mail) -> str:
    html = clean(mail.html).strip()
    return html if len(html) <= LONGEST_HTML else ""


def _invitation(files: Iterable[File]) -> Mapping[str, Any] | None:
    calendars = (file.content for file in files if file.content_type in invitation.TYPES)
    first = next(calendars, None)
    return None if first is None else invitation.read(first)


def _text(mail: Mail) -> str:
    text = clean(mail.text).replace("\r\n", "\n").strip()
    return text if shows(text) else markup.strangers_text(clean(mail.html))


def _cut(text: str, most: int) -> str:
    return text if len(text) <= most else text[: most - len(CUT)] + CUT


def _recipient(mail: Mail) -> str:
    to = head.field(mail.head, "Delivered-To"), head.first_named(mail.head, "To")
    return next(filter(None, map(head.address, (mail.recipient, *to))), "")


def _sid(mail: Mail, address: str, text: str) -> str:
    """The same for a repeated post alone, in whatever shape: some programs give several emails one
    Message-ID, and each service breaks lines as it likes."""
    named = head.message_id(mail.head), address or head.field(mail.head, "From")
    files = () if shows(text) else (sha256(file.content).hexdigest() for file in mail.files)
    said = *named, head.moment(mail.head), head.subject(mail.head), text, *files
    bare = "\0".join("".join(each.replace(">", " ").split()) for each in said)
    return f"email:{sha256(bare.encode()).hexdigest()[:40]}"
