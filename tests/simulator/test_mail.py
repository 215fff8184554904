"""Emails are taken as a mail server takes them, and refused as it may refuse them."""

import smtplib
import time
from dataclasses import asdict
from email.message import EmailMessage
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from app.simulator.mail.emails import Email, read
from app.simulator.mail.mailboxes import Mailboxes as Shelf
from app.simulator.mail.server import MailServer
from app.simulator.state import State
from tests.support.mailboxes import Mailboxes

BEATS = "messages@kaivox.example"
ANN = "ann@lee.example"


def email(**headers: str) -> EmailMessage:
    message = EmailMessage()
    message["From"] = f"Bella’s Salon <{BEATS}>"
    message["To"] = ANN
    for name, value in headers.items():
        message[name.replace("_", "-")] = value
    message.set_content("See you at 10 ☺")
    message.add_alternative("<p>See you at <b>10</b></p>", subtype="html")
    return message


def send(
    mailboxes: Mailboxes, message: EmailMessage, *to: str, password: str = "", patience: float = 20
) -> None:
    """As the standard library hands an email over. Raises what went wrong."""
    server = urlsplit(mailboxes.url)
    with smtplib.SMTP(server.hostname or "", server.port or 0, timeout=patience) as smtp:
        smtp.login(server.username or "", password or server.password or "")
        smtp.send_message(message, BEATS, to or [ANN])


def test_an_email_comes_out_as_it_went_in(mailboxes: Mailboxes) -> None:
    begun = time.time()
    headers = {
        "Subject": "Tomorrow at 10 – Bella’s Salon",
        "Reply_To": "bella@salon.example",
        "Message_ID": "<1@kaivox.example>",
        "List_Unsubscribe": "<mailto:x@kaivox.example>, <https://kaivox.example/u/1>",
        "List_Unsubscribe_Post": "List-Unsubscribe=One-Click",
    }
    send(mailboxes, email(**headers), ANN, "bob@ray.example")
    [came] = mailboxes.emails()
    assert begun <= came.at <= time.time()
    assert (came.sender, came.recipients) == (BEATS, [ANN, "bob@ray.example"])
    assert came.from_ == f"Bella’s Salon <{BEATS}>"
    assert {name: came.header(name.replace("_", "-")) for name in headers} == headers
    assert (came.text, came.html) == ("See you at 10 ☺\n", "<p>See you at <b>10</b></p>\n")
    assert (came.unsubscribe_url, came.one_click) == ("https://kaivox.example/u/1", True)
    assert mailboxes.emails("Bob@Ray.example") == [came]
    assert mailboxes.emails("stranger@ray.example") == []


def test_an_email_that_is_sent_twice_is_there_twice(mailboxes: Mailboxes) -> None:
    for _ in range(2):
        send(mailboxes, email(Message_ID="<1@kaivox.example>"))
    assert [each.message_id for each in mailboxes.emails()] == ["<1@kaivox.example>"] * 2


@pytest.mark.parametrize(
    ("fault", "error", "code", "taken"),
    [
        ("mail_turned_away", smtplib.SMTPConnectError, 421, 0),
        ("mail_no_sign_in", smtplib.SMTPAuthenticationError, 535, 0),
        ("mail_greylisted", smtplib.SMTPRecipientsRefused, 451, 0),
        ("mail_no_room", smtplib.SMTPDataError, 452, 0),
        ("mail_refused", smtplib.SMTPDataError, 554, 0),
        ("mail_hangs", smtplib.SMTPServerDisconnected, None, 0),
        ("mail_reset_after", smtplib.SMTPServerDisconnected, None, 1),
    ],
)
def test_a_fault_does_what_it_says_and_passes(
    mailboxes: Mailboxes, fault: str, error: type[OSError], code: int | None, taken: int
) -> None:
    mailboxes.fault(fault)
    with pytest.raises(error) as met:
        # Whatever it is that takes so long, nothing was taken.
        send(mailboxes, email(), patience=2 if fault == "mail_hangs" else 20)
    assert code_of(met.value) == code
    assert len(mailboxes.emails()) == taken
    mailboxes.fault()
    send(mailboxes, email())
    assert len(mailboxes.emails()) == taken + 1


def code_of(error: BaseException) -> int | None:
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        return int(error.recipients[ANN][0])
    return error.smtp_code if isinstance(error, smtplib.SMTPResponseException) else None


def test_some_are_never_let_in(mailboxes: Mailboxes) -> None:
    with pytest.raises(smtplib.SMTPAuthenticationError):
        send(mailboxes, email(), password="wrong")
    with pytest.raises(smtplib.SMTPRecipientsRefused) as refused:
        send(mailboxes, email(), "ann@nobody.example")
    assert refused.value.recipients["ann@nobody.example"][0] == 550
    server = urlsplit(mailboxes.url)
    with smtplib.SMTP(server.hostname or "", server.port or 0, timeout=20) as smtp:
        smtp.ehlo()
        assert smtp.mail(BEATS)[0] == 530
    assert mailboxes.emails() == []


def test_an_answer_may_take_its_time(mailboxes: Mailboxes) -> None:
    mailboxes.fault(latency_ms=(60, 80))
    begun = time.monotonic()
    send(mailboxes, email())
    assert time.monotonic() - begun >= 0.06


def test_a_port_that_is_taken_ends_the_start(mailboxes: Mailboxes) -> None:
    taken = urlsplit(mailboxes.url).port or 0
    with pytest.raises(SystemExit, match=f"SIMULATOR_SMTP_PORT {taken}"):
        MailServer(mailboxes.sim.state, mailboxes.sim.dice, taken, "")


def test_what_no_mail_program_can_read_is_refused(mailboxes: Mailboxes) -> None:
    unknown = "Content-Type: text/plain; charset=nonsense\r\n\r\n"
    server = urlsplit(mailboxes.url)
    with smtplib.SMTP(server.hostname or "", server.port or 0, timeout=20) as smtp:
        smtp.login(server.username or "", server.password or "")
        for content in (unknown + "x", "From: a:b;<\r\n\r\nx"):
            with pytest.raises(smtplib.SMTPDataError, match="554"):
                smtp.sendmail(BEATS, ANN, content)
        smtp.sendmail(BEATS, ANN, b"Subject: \xff\xfe\r\n\r\n\xff")
    [came] = mailboxes.emails()
    assert came.subject.isprintable()


def test_the_oldest_make_way() -> None:
    shelf = Shelf(room=3000)
    for number in range(5):
        shelf.add(Email(number, BEATS, [ANN], {}, "", "", 0, sid=str(number)))
    assert [each.sid for each in shelf.emails()] == ["3", "4"]


def test_emails_survive_a_restart_and_what_was_done_with_them_too(tmp_path: Path) -> None:
    before = State(tmp_path)
    before.record("email", asdict(read(bytes(email(Subject="Kept")), BEATS, [ANN], 1.5)))
    [kept] = before.mailboxes.emails()
    before.record("email_change", {"sid": kept.sid, "seen": True})
    before.close()
    for _ in range(2):
        after = State(tmp_path)
        assert after.mailboxes.emails() == [kept]
        assert kept.seen
        after.close()
