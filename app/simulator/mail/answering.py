"""Whoever reads an email answers it: a real one, posted to where the business's emails are."""

import time
from base64 import b64decode, b64encode
from datetime import UTC, datetime, timedelta
from email.message import EmailMessage
from email.utils import formatdate, getaddresses, make_msgid
from html import escape

import requests

from app.simulator.mail.emails import Email
from app.simulator.state import State

TIMEOUT = 15.0
LEFT = "in the mailbox"
HTML = """<div style="font-family: Georgia, serif"><p>{text}</p>
<p>Look at <a href="https://kaivox.example/">this page</a>, or at this:</p>
<p><img src="cid:sign@simulator.example" alt="A sign" width="120"></p>
<p><img src="https://kaivox.example/seen.gif" alt="From the internet"></p></div>"""
# A square of one colour.
PICTURE = b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAABgAAAAYCAIAAABvFaqvAAAAH0lEQVR42mPgL8ujCmIYNWjUoFGDRg0aNWjUoIE3CACH"
    "qiLf0dXiXAAAAABJRU5ErkJggg=="
)
INVITATION = """BEGIN:VCALENDAR\r
VERSION:2.0\r
PRODID:-//KaiVox//Simulator//EN\r
METHOD:REQUEST\r
BEGIN:VEVENT\r
UID:{uid}\r
DTSTAMP:{begins}\r
DTSTART:{begins}\r
DURATION:PT1H\r
SUMMARY:Fitting\r
LOCATION:At the salon\r
ORGANIZER:mailto:{who}\r
END:VEVENT\r
END:VCALENDAR\r
"""


def reply_address(email: Email) -> str:
    """Where an answer to it goes, in small letters."""
    [(_, address), *_] = getaddresses([email.reply_to or email.from_]) or [("", "")]
    return address.lower()


def begun(sender: str, to: str, subject: str, text: str) -> EmailMessage:
    """An email that answers none. Raises ValueError where an address or the subject is none."""
    made = EmailMessage()
    made["From"], made["To"], made["Subject"] = sender, to, subject
    made["Date"] = formatdate(time.time())
    made["Message-ID"] = make_msgid(domain="simulator.example")
    made.set_content(f"{text}\n")
    return made


def written(email: Email, sender: str, text: str) -> EmailMessage:
    """The answer as a mail program makes it: in the thread, above what it quotes."""
    made = EmailMessage()
    made["From"], made["To"] = sender, email.reply_to or email.from_
    made["Subject"] = _subject(email.subject)
    made["Date"], made["Message-ID"] = (
        formatdate(time.time()),
        make_msgid(domain="simulator.example"),
    )
    if email.message_id:
        made["In-Reply-To"] = email.message_id
        made["References"] = f"{email.header('References')} {email.message_id}".strip()
    quoted = "\n".join(f"> {line}" for line in email.text.strip().splitlines())
    intro = f"On {formatdate(email.at)}, {email.from_} wrote:"
    made.set_content(f"{text.strip()}\n\n{intro}\n{quoted}\n")
    return made


def decorated(email: Email, sender: str, text: str) -> EmailMessage:
    """The answer with HTML, a picture in its text and an invitation beside it, as programs send
    them whose writers see no MIME."""
    made = written(email, sender, text)
    made.add_alternative(HTML.format(text=escape(text.strip())), subtype="html")
    [_, html] = made.iter_parts()
    assert isinstance(html, EmailMessage)  # noqa: S101 — for the type checker
    html.add_related(PICTURE, "image", "png", cid="<sign@simulator.example>", filename="sign.png")
    begins = datetime.now(UTC).replace(hour=15, minute=0, second=0) + timedelta(days=2)
    made.add_attachment(
        INVITATION.format(
            uid=make_msgid(domain="simulator.example"),
            who=sender,
            begins=f"{begins:%Y%m%dT%H%M%SZ}",
        ).encode(),
        "text",
        "calendar",
        filename="invite.ics",
    )
    return made


def forwarded(email: Email, sender: str, text: str) -> EmailMessage:
    """The email itself, handed on within another."""
    made = written(email, sender, text)
    made.replace_header("Subject", f"Fwd: {' '.join(email.subject.split())}")
    made.set_content(f"{text.strip()}\n")
    inner = EmailMessage()
    inner["From"], inner["To"], inner["Subject"] = email.from_, sender, email.subject
    inner["Date"] = formatdate(email.at)
    inner.set_content(email.text or "Nothing was said.")
    made.add_attachment(inner)
    return made


def leave(state: State, address: str, mail: bytes, at: float | None = None) -> str:
    """Put it into the mailbox of the address, from where it is fetched; it says that it came at
    that time, in seconds since 1970, else now. Returns what came of it."""
    letter = {"address": address, "content": b64encode(mail).decode(), "at": at}
    with state.lock:
        state.record("letter", {"came": time.time_ns(), **letter})
    return LEFT


def post(url: str, mail: bytes) -> str:
    """Hand it over as a mail service does. Returns what came of it, in words."""
    with requests.Session() as session:
        session.trust_env = False
        kind = {"Content-Type": "message/rfc822"}
        try:
            answer = session.post(url, mail, headers=kind, timeout=TIMEOUT)
        except requests.RequestException:
            return "no answer"
    return f"HTTP {answer.status_code}"


def _subject(subject: str) -> str:
    line = " ".join(subject.split())
    return line if line.lower().startswith("re:") else f"Re: {line}"
