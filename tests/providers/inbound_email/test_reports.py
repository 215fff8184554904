"""Reports of mail servers as they are written in the wild, and what is none."""

import pytest

from app.providers import inbound_email
from app.providers.contract import EmailReport, ReceivedLetter
from tests.support.email_in import written

POSTFIX = """Reporting-MTA: dns; mail.lee.example
X-Postfix-Queue-ID: 4F1
Arrival-Date: Wed, 18 Nov 2026 12:00:00 -0500 (EST)

Final-Recipient: rfc822; ann@lee.example
Original-Recipient: rfc822;ann@lee.example
Action: failed
Status: 5.1.1
Remote-MTA: dns; mx.lee.example
Diagnostic-Code: smtp; 550 5.1.1 <ann@lee.example>: Recipient address
    rejected: User unknown
"""
EXCHANGE = """Reporting-MTA: dns;SN6PR00MB.namprd00.prod.outlook.com

Final-Recipient: rfc822;ann@lee.example
Action: failed
Status: 5.0.0
Diagnostic-Code: smtp;550 5.1.10 RESOLVER.ADR.RecipientNotFound; not found
"""
GMAIL_DELAY = """Reporting-MTA: dns; googlemail.com

Final-Recipient: rfc822; ann@lee.example
Action: delayed
Status: 4.4.1
"""
TWO = """Reporting-MTA: dns; a

Final-Recipient: rfc822; bob@lee.example
Action: delivered
Status: 2.0.0

Final-Recipient: rfc822; ann@lee.example
Action: failed
Status: 5.2.2
"""
ABUSE = (
    "Feedback-Type: abuse\nUser-Agent: Yahoo/1\nVersion: 1\nOriginal-Mail-From: <b@in.example>\n"
)
QUOTED = "From: messages@kaivox.example\nMessage-ID: <7f1c@kaivox.example>\nSubject: Hi\n"


def report(
    told: str, kind: str = "delivery-status", quoted: str = QUOTED, how: str = "text/rfc822-headers"
) -> bytes:
    boundary = "bOuNd"
    parts = (
        ("text/plain", "Your message could not be delivered."),
        (f"message/{kind}", told),
        (how, quoted),
    )
    made = "".join(f"--{boundary}\r\nContent-Type: {t}\r\n\r\n{c}\r\n" for t, c in parts)
    head = (
        "Return-Path: <>\r\nFrom: MAILER-DAEMON@lee.example\r\nTo: b@in.example\r\n"
        f"Content-Type: multipart/report; report-type={kind}; boundary={boundary}\r\n\r\n"
    )
    return f"{head}{made}--{boundary}--\r\n".encode()


def letter(raw: bytes) -> ReceivedLetter:
    found = inbound_email.received("message/rfc822", raw).letter
    assert found
    return found


def told(raw: bytes) -> tuple[str, str, str] | None:
    found: EmailReport | None = letter(raw).report
    return found and (found.news, found.status, *found.named)


@pytest.mark.parametrize(
    ("text", "news", "status"),
    [
        (POSTFIX, "failed", "5.1.1"),
        (EXCHANGE, "failed", "5.1.10"),
        (GMAIL_DELAY, "delayed", "4.4.1"),
        (TWO, "failed", "5.2.2"),
        (EXCHANGE.replace("5.1.10", "by [10.5.1.9] or 5.1.2.3"), "failed", "5.0.0"),
        (POSTFIX.replace("failed", "FAILED (really)"), "failed", "5.1.1"),
        (POSTFIX.replace("Action: failed\n", ""), "failed", "5.1.1"),
        (POSTFIX.replace("Action: failed", "Action: relayed"), "delayed", "5.1.1"),
        (POSTFIX.replace("\n", "\r\n"), "failed", "5.1.1"),
    ],
)
def test_a_bounce_says_what_became_of_which_message(text: str, news: str, status: str) -> None:
    for how in ("text/rfc822-headers", "message/rfc822"):
        assert told(report(text, how=how)) == (news, status, "<7f1c@kaivox.example>")


def test_a_complaint_says_of_which_and_where_that_came_from() -> None:
    found = letter(report(ABUSE, "feedback-report", how="message/rfc822")).report
    assert found and found.news == "complaint"
    assert (found.named, found.return_path) == (("<7f1c@kaivox.example>",), "b@in.example")


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        (
            "Final-Recipient: rfc822; ann@lee.example\nDisposition: read\n",
            "disposition-notification",
        ),
        ("Feedback-Type: auth-failure\n", "feedback-report"),
        ("", "delivery-status"),
        ("nothing that a server says", "delivery-status"),
    ],
)
def test_a_receipt_and_what_tells_nothing_are_no_reports_and_no_persons(
    text: str, kind: str
) -> None:
    found = letter(report(text, kind))
    assert found.report is None
    assert (found.nature.answerable, found.nature.personal) == (False, False)


def test_a_person_who_hands_a_bounce_on_reports_nothing() -> None:
    mail = written("Look what I got")
    mail.add_attachment(report(POSTFIX), "application", "octet-stream", filename="bounce.eml")
    assert letter(mail.as_bytes()).report is None


@pytest.mark.parametrize(
    "text", ["\n\n" * 30_000, "A: b\n" * 60_000, "Status: " + "5.1.1" * 60_000, "a" * 1_000_000]
)
def test_a_report_of_no_end_costs_no_time(text: str) -> None:
    told(report(text))
    told(report(POSTFIX, quoted=text))
