"""Bounces that are nothing but text, as Exim, qmail and Yahoo write them."""

import pytest

from app.providers import inbound_email
from app.providers.contract import EmailReport

OURS = "<7f1c@kaivox.example>"
COPY = f"Return-Path: <b@kaivox.example>\nTo: ann@lee.example\nMessage-ID: {OURS}\n\nSee 5.2.2\n"
HEAD = "Return-Path: <>\nFrom: Mailer-Daemon@lee.example\nTo: b@kaivox.example\n"
FAILED = "X-Failed-Recipients: ann@lee.example\n"
EXIM = """This message was created automatically by mail delivery software.

A message that you sent could not be delivered to one or more of its
recipients. This is a permanent error. The following address(es) failed:

  ann@lee.example
    host mx.lee.example [10.5.1.9]
    SMTP error from remote mail server after RCPT TO:<ann@lee.example>:
    550 5.1.1 <ann@lee.example>: Recipient address rejected: User unknown

------ This is a copy of the message, including all the headers. ------

"""
QMAIL = """Hi. This is the qmail-send program at mx.lee.example.
I'm afraid I wasn't able to deliver your message to the following addresses.
This is a permanent error; I've given up. Sorry it didn't work out.

<ann@lee.example>:
Sorry, no mailbox here by that name. (#5.1.1)

--- Below this line is a copy of the message.

"""
YAHOO = """Sorry, we were unable to deliver your message to the following address.

<ann@lee.example>:
Unknown error

--- Below this line is a copy of the message.

"""


def report(head: str, text: str) -> EmailReport | None:
    found = inbound_email.received("message/rfc822", f"{head}\n{text}".encode())
    return found.letter and found.letter.report


@pytest.mark.parametrize(
    ("head", "text", "status"),
    [
        (HEAD + FAILED, EXIM, "5.1.1"),
        (HEAD + FAILED, EXIM.replace("550 5.1.1", "550"), ""),
        (HEAD + FAILED, EXIM.partition("------")[0], "5.1.1"),
        (HEAD, QMAIL, "5.1.1"),
        (HEAD, YAHOO, ""),
    ],
)
def test_a_bounce_says_what_became_of_which_message(head: str, text: str, status: str) -> None:
    assert report(head, text + COPY) == EmailReport("failed", status, (OURS,))


def test_a_warning_of_a_delay_a_person_and_an_absence_report_nothing() -> None:
    assert report(HEAD, EXIM + COPY) is None
    assert (
        report(HEAD.replace("Mailer-Daemon", "ann").replace("<>", "<a@b.example>"), QMAIL) is None
    )
    assert report(HEAD.replace("Mailer-Daemon", "ann"), "I am away.\n" + COPY) is None
