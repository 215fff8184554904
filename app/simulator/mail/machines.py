"""What machines write back to an email: that it did not arrive, that its reader is away, that they
called it spam."""

import time
from collections.abc import Mapping, Sequence
from email.message import EmailMessage, Message
from email.mime.multipart import MIMEMultipart
from email.mime.nonmultipart import MIMENonMultipart
from email.mime.text import MIMEText
from email.utils import formatdate, make_msgid

from app.simulator.mail.emails import Email

DAEMON = "MAILER-DAEMON@simulator.example"
# A status of RFC 3463, and what a server says beside it.
REASONS = {
    "5.1.1": "550 5.1.1 There is no such mailbox",
    "5.2.2": "552 5.2.2 The mailbox is full",
    "5.7.1": "550 5.7.1 Refused as spam",
    "4.4.7": "421 4.4.7 Nobody answers there",
}


def bounced(email: Email, mailbox: str, status: str = "5.1.1", action: str = "failed") -> bytes:
    """A delivery status notification (RFC 3464), as it goes to the envelope's sender."""
    by = {"Reporting-MTA": "dns; simulator.example"}
    told = {
        "Final-Recipient": f"rfc822; {mailbox}",
        "Action": action,
        "Status": status,
        "Diagnostic-Code": f"smtp; {REASONS.get(status, status)}",
    }
    said = f"Your email to {mailbox}: {action}.\n\n{REASONS.get(status, status)}\n"
    return _report(email, "delivery-status", [by, told], f"Delivery status: {action}", said)


def complained(email: Email) -> bytes:
    """What a mail service tells of a reader who has called it spam (ARF, RFC 5965)."""
    told = {
        "Feedback-Type": "abuse",
        "User-Agent": "Simulator/1",
        "Version": "1",
        "Original-Mail-From": email.sender,
    }
    return _report(email, "feedback-report", [told], "Abuse report", "A reader called this spam.\n")


def away(email: Email, mailbox: str) -> bytes:
    """A note of absence (RFC 3834), as it goes to the envelope's sender."""
    made = EmailMessage()
    made["Return-Path"] = "<>"
    made["From"], made["To"] = mailbox, email.sender
    made["Subject"] = f"Automatic reply: {' '.join(email.subject.split())}"
    made["Date"], made["Message-ID"] = _now(), make_msgid(domain="simulator.example")
    made["Auto-Submitted"] = "auto-replied"
    if email.message_id:
        made["In-Reply-To"] = made["References"] = email.message_id
    made.set_content("I am out of the office until Monday and read this then.\n")
    return made.as_bytes()


def _report(
    email: Email, kind: str, told: Sequence[Mapping[str, str]], subject: str, said: str
) -> bytes:
    made = MIMEMultipart("report", report_type=kind)
    made["Return-Path"] = "<>"
    made["From"], made["To"], made["Subject"] = DAEMON, email.sender, subject
    made["Date"], made["Message-ID"] = _now(), make_msgid(domain="simulator.example")
    made["Auto-Submitted"] = "auto-replied"
    made.attach(MIMEText(said))
    report = MIMENonMultipart("message", kind)
    report.set_payload(list(map(_block, told)))
    made.attach(report)
    quoted = MIMENonMultipart("text", "rfc822-headers")
    quoted.set_payload(_headers(email).as_string())
    made.attach(quoted)
    return made.as_bytes()


def _block(told: Mapping[str, str]) -> Message:
    """The fields of a report, or a group of them, as the library wants them."""
    made = Message()
    for name, value in told.items():
        made[name] = value
    return made


def _headers(email: Email) -> Message:
    named = ("From", "To", "Subject", "Date", "Message-ID")
    return _block({name: " ".join(email.header(name).split()) for name in named})


def _now() -> str:
    return formatdate(time.time())
