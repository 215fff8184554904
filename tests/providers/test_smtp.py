"""Emails, over a mail server that behaves and one that does not."""

from dataclasses import replace
from email.utils import getaddresses

import pytest

from app.channels import CHANNELS
from app.lib.mail.display_name import display_name
from app.lib.mail.mail_server import MailServer, parse
from app.providers.contract import Account, CannotTell, Letter, Outcome, Outgoing, SendError
from app.providers.smtp import SmtpProvider
from tests.support.mailboxes import Mailboxes
from tests.support.world import NOON

FROM, ANN = "messages@kaivox.example", "ann@lee.example"
LETTER = Letter(
    id="7f1c", sender_name="Bella's Salon", reply_to="hello@bella.example", subject="Tomorrow at 10"
)


def outgoing(body: str = "See you at 10 ☺", to: str = ANN, **letter: object) -> Outgoing:
    made = replace(LETTER, **letter)  # type: ignore[arg-type]
    return Outgoing(CHANNELS["email"], FROM, to, body, "http://localhost/status", letter=made)


def send(mailboxes: Mailboxes, message: Outgoing, password: str = "") -> str:
    server = parse(mailboxes.url)
    account = Account(server.user, password or server.password)
    accepted = SmtpProvider(server).send(account, message)
    assert accepted.status == "sent"
    return accepted.sid


def test_an_email_says_who_writes_who_is_answered_and_what(mailboxes: Mailboxes) -> None:
    body = "Hi <Ann>,\n\n.see https://bella.example/r?a=1&b=2"
    sid = send(mailboxes, outgoing(body))
    [came] = mailboxes.emails()
    assert (came.sender, came.recipients) == (FROM, [ANN])
    assert came.from_ == f"Bella's Salon <{FROM}>"
    assert came.reply_to == "Bella's Salon <hello@bella.example>"
    assert (came.subject, came.message_id, sid) == (
        "Tomorrow at 10",
        *2 * ["<7f1c@kaivox.example>"],
    )
    assert came.text.strip() == body
    assert "Hi &lt;Ann&gt;,<br>" in came.html
    assert '<a href="https://bella.example/r?a=1&amp;b=2" rel="noopener">' in came.html
    assert not came.unsubscribe_url and not came.header("Auto-Submitted")


def test_an_automatic_email_can_be_ended_at_a_click(mailboxes: Mailboxes) -> None:
    link = "https://kaivox.example/unsubscribe/7f1c"
    send(mailboxes, outgoing(html="<p>See <b>you</b></p>", unsubscribe_url=link))
    [came] = mailboxes.emails()
    assert (came.unsubscribe_url, came.one_click) == (link, True)
    assert came.header("Auto-Submitted") == "auto-generated"
    assert came.text.strip() == "See you"


@pytest.mark.parametrize("field", ["subject", "sender_name"])
@pytest.mark.parametrize(
    "line_break",
    [
        "\r\nBcc: thief@stranger.example\nX-Evil: 1",
        "=?utf-8?q?=0D=0ABcc:_thief@stranger.example=0AX-Evil:_1?=",
        " =?us-ascii?B?DQpYLUV2aWw6IDE=?= é",
    ],
)
def test_nobody_adds_headers_or_recipients_by_a_line_break(
    mailboxes: Mailboxes, field: str, line_break: str
) -> None:
    send(mailboxes, outgoing(**{field: f"Hi{line_break}"}))
    [came] = mailboxes.emails()
    assert came.recipients == [ANN]
    assert not came.header("Bcc") and not came.header("X-Evil")


@pytest.mark.parametrize(
    "name",
    [
        "boss@bank.example, Hair and Nails and all that is beautiful, of New York and more",
        "<boss@bank.example> Hair and Nails and all that is beautiful, of New York and more",
        "Häir, Nails and all that is beautiful; of New York <boss@bank.example>, and more",
    ],
)
def test_a_business_is_one_writer_whatever_its_name(mailboxes: Mailboxes, name: str) -> None:
    send(mailboxes, outgoing(sender_name=name))
    [came] = mailboxes.emails()
    for header, address in (("From", FROM), ("Reply-To", "hello@bella.example")):
        [(called, at)] = getaddresses([came.header(header)])
        assert (called.split(), at) == (display_name(name).split(), address)
        assert "Nails and all that is beautiful" in called and "boss" not in called


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("Bella's Salon", "Bella's Salon"),
        ("PayPal <x@y.example>", "PayPal"),
        ('"PayPal" <x@y.example>', "PayPal"),
        ("support@bank.example", ""),
        ("<support@bank.example>", ""),
        ("Bank (support@bank.example)", "Bank"),
        ("Bank, support＠bank.example", "Bank"),
        ("Bank support﹫bank.example now", "Bank now"),
        ("Bank sup\u200bport\u2060@bank.example", "Bank"),
        ("support (at) bank.example", ""),
        ("support [AT] bank.example Salon", "Salon"),
        ("Look at Me", "Look at Me"),
        ("Salon\u202emoc.knab\u202c\u2066", "Salonmoc.knab"),
        ("Hair\r\nBcc: x", "Hair Bcc: x"),
        ("Hair\u2028& Nails\x00", "Hair & Nails"),
        ("نیم\u200cفاصله", "نیم\u200cفاصله"),
        ("@", ""),
    ],
)
def test_a_name_holds_no_address_and_nothing_unseen(name: str, shown: str) -> None:
    assert display_name(name) == shown


def test_a_name_that_is_an_address_is_shown_nowhere(mailboxes: Mailboxes) -> None:
    send(mailboxes, outgoing(sender_name="support@bank.example"))
    [came] = mailboxes.emails()
    assert came.header("From") == FROM
    assert came.header("Reply-To") == "hello@bella.example"
    assert "bank.example" not in came.html


def test_the_line_on_whose_behalf_it_comes_stands_at_the_end(mailboxes: Mailboxes) -> None:
    for html in (None, "<p>See <b>you</b></p>"):
        mailboxes.clear()
        send(mailboxes, outgoing(html=html, foot="Sent with KaiVox by <b>Bella"))
        [came] = mailboxes.emails()
        assert came.text.strip().endswith("\n\nSent with KaiVox by <b>Bella")
        assert came.html.index("See") < came.html.index("Sent with KaiVox by &lt;b&gt;Bella")


def test_an_address_is_written_as_mail_servers_know_it(mailboxes: Mailboxes) -> None:
    send(mailboxes, outgoing(to="ann@bücher.example"))
    assert mailboxes.emails()[0].recipients == ["ann@xn--bcher-kva.example"]
    with pytest.raises(SendError, match="Ask the customer") as refused:
        send(mailboxes, outgoing(to="änn@lee.example"))
    assert refused.value.outcome is Outcome.REFUSED


@pytest.mark.parametrize(
    ("fault", "outcome", "at_fault"),
    [
        ("mail_turned_away", Outcome.RETRY, False),
        ("mail_no_sign_in", Outcome.REFUSED, True),
        ("mail_greylisted", Outcome.RETRY, False),
        ("mail_no_room", Outcome.RETRY, False),
        ("mail_refused", Outcome.REFUSED, False),
        ("mail_hangs", Outcome.UNKNOWN, False),
        ("mail_reset_after", Outcome.UNKNOWN, False),
    ],
)
def test_what_goes_wrong_says_whether_the_email_can_have_gone(
    mailboxes: Mailboxes,
    monkeypatch: pytest.MonkeyPatch,
    fault: str,
    outcome: Outcome,
    at_fault: bool,
) -> None:
    # Not to wait as long as a real server is waited for.
    monkeypatch.setattr("app.providers.smtp.provider.SECONDS", 0.5)
    monkeypatch.setattr("app.providers.smtp.provider.ANSWER_SECONDS", 0.1)
    mailboxes.fault(fault)
    with pytest.raises(SendError) as error:
        send(mailboxes, outgoing())
    assert (error.value.outcome, error.value.sender_at_fault) == (outcome, at_fault)
    assert bool(mailboxes.emails()) == (fault == "mail_reset_after")


def test_a_wrong_password_an_unknown_address_and_nobody_there_are_told_apart(
    mailboxes: Mailboxes,
) -> None:
    with pytest.raises(SendError, match="sign in") as error:
        send(mailboxes, outgoing(), password="wrong")
    assert error.value.sender_at_fault
    with pytest.raises(SendError, match="does not know this email address") as error:
        send(mailboxes, outgoing(to="ann@nobody.example"))
    assert (error.value.outcome, error.value.code) == (Outcome.REFUSED, 550)
    with pytest.raises(SendError, match="could not be reached") as error:
        SmtpProvider(MailServer("127.0.0.1", 9, False, "", "")).send(Account("", ""), outgoing())
    assert error.value.outcome is Outcome.RETRY
    assert mailboxes.emails() == []


def test_nothing_is_said_in_clear_to_a_server_elsewhere(mailboxes: Mailboxes) -> None:
    """The server here knows no STARTTLS; by a name that is not this machine's it must."""
    here = parse(mailboxes.url)
    elsewhere = replace(here, host="127.0.0.2")
    with pytest.raises(SendError) as error:
        SmtpProvider(elsewhere).send(Account(here.user, here.password), outgoing())
    assert error.value.outcome is not Outcome.UNKNOWN
    assert mailboxes.emails() == []


def test_a_mail_server_never_says_what_became_of_an_email(mailboxes: Mailboxes) -> None:
    provider, account = SmtpProvider(parse(mailboxes.url)), Account("", "")
    with pytest.raises(CannotTell):
        provider.find(account, outgoing(), NOON)
    with pytest.raises(CannotTell):
        provider.look_up(account, "<7f1c@kaivox.example>")
