"""Emails within an email are told, and stay there as files."""

from email.message import EmailMessage

from app.providers import inbound_email
from app.providers.contract import Received
from tests.support.email_in import written


def received(mail: EmailMessage) -> Received:
    return inbound_email.received("message/rfc822", mail.as_bytes())


def inner(text: str = "The old offer") -> EmailMessage:
    return written(text, From="Bob <bob@lee.example>", Subject="=?utf-8?q?Gr=C3=BC=C3=9Fe?=")


def test_who_forwards_an_email_says_this_and_hands_on_that() -> None:
    mail = written("See below")
    mail.add_attachment(inner())
    came = received(mail)
    assert came.letter and came.body == "See below"
    assert came.letter.whole == (
        "See below\n\n---------- Forwarded message ----------\n"
        "From: Bob <bob@lee.example>\nDate: Wed, 18 Nov 2026 12:00:00 -0500\nSubject: Grüße\n"
        "To: hello@salon.test\n\nThe old offer"
    )
    assert [file.content_type for file in came.letter.files] == ["message/rfc822"]


def test_who_forwards_it_without_a_word_says_what_it_says() -> None:
    mail = written("\n")
    mail.add_attachment(inner())
    assert received(mail).body.endswith("The old offer")


def test_no_word_of_a_forwarded_email_is_the_senders() -> None:
    mail = written("Is this yours?")
    mail.add_attachment(inner("STOP"))
    assert received(mail).body == "Is this yours?"


def test_forwarded_in_forwarded_in_forwarded_is_told_once() -> None:
    mail = written("Deepest")
    for _ in range(20):
        outer = written("Look")
        outer.add_attachment(mail)
        mail = outer
    came = received(mail)
    assert came.letter and came.letter.whole.count("Forwarded message") == 1


def test_html_alone_is_told_as_text() -> None:
    html = written("x")
    html.set_content("<p>Old <b>offer</b></p><script>1</script>", subtype="html")
    mail = written("See below")
    mail.add_attachment(html)
    came = received(mail)
    assert came.letter and came.letter.whole.endswith("\n\nOld offer")
