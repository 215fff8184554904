"""Whoever reads an email answers it: a real one, posted to where the business's emails are."""

import time
from email.message import EmailMessage
from email.utils import formatdate, getaddresses, make_msgid

import requests

from app.simulator.mail.emails import Email

TIMEOUT = 15.0


def reply_address(email: Email) -> str:
    """Where an answer to it goes, in small letters."""
    [(_, address), *_] = getaddresses([email.reply_to or email.from_]) or [("", "")]
    return address.lower()


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


def post(url: str, mail: EmailMessage) -> str:
    """Hand it over as a mail service does. Returns what came of it, in words."""
    with requests.Session() as session:
        session.trust_env = False
        kind = {"Content-Type": "message/rfc822"}
        try:
            answer = session.post(url, mail.as_bytes(), headers=kind, timeout=TIMEOUT)
        except requests.RequestException:
            return "no answer"
    return f"HTTP {answer.status_code}"


def _subject(subject: str) -> str:
    line = " ".join(subject.split())
    return line if line.lower().startswith("re:") else f"Re: {line}"
