"""Emails as mail services post them: raw, as a form, and as JSON."""

import json
from email.message import EmailMessage
from random import Random
from urllib.parse import urlencode

from app.extensions import db
from hostile.fuzz import mutate
from hostile.fuzz.forger import Forged, Forger, Hand
from tests.support.email_in import path_of, written
from tests.support.world import Business


def open_up(owner: Business) -> None:
    """Its secret is made when its address is first asked for."""
    path_of(owner)
    db.session.commit()


def rightly(hand: Hand) -> Forged:
    return _posted(hand, path_of(hand.ours))


def wrongly(hand: Hand) -> Forged:
    """With no secret, with the other business's, or with one that is nobody's."""
    at, other = hand.random.sample((hand.ours, hand.theirs), 2)
    theirs = path_of(other).partition("?")[2]
    secret = hand.random.choice(("", "?token=", f"?{theirs}", "?token=%00%ff"))
    return _posted(hand, path_of(at).partition("?")[0] + secret)


def _posted(hand: Hand, path: str) -> Forged:
    kind, body = hand.random.choice((_as_raw, _as_form, _as_json))(hand)
    return Forged(path, body, {"Content-Type": kind})


def _mail(hand: Hand) -> EmailMessage:
    random = hand.random
    named: dict[str, str] = {
        "From": f"Ann <ann@{_either(hand).slug}.example>",
        "To": f"hello@{_either(hand).slug}.test",
        "Subject": "A question",
        "In_Reply_To": "<1@kaivox.example>",
    }
    changed = {name: _line(random, value) for name, value in named.items()}
    made = written(mutate.text(random, "Is tomorrow free?").replace("\x00", "?"), **changed)
    if random.random() < 0.2:
        made.add_attachment(mutate.raw(random, b"%PDF-1.7"), "application", "pdf", filename="a.pdf")
    return made


def _line(random: Random, given: str) -> str:
    """Within a line; what the library refuses to write is written as it was."""
    line = " ".join(mutate.text(random, given).split()) if random.random() < 0.3 else given
    return line.replace("\x00", "?").encode("ascii", "replace").decode()[:400]


def _as_raw(hand: Hand) -> tuple[str, bytes]:
    try:
        made = _mail(hand).as_bytes()
    except (ValueError, LookupError, AttributeError):
        # The library writes no such head; a sender would.
        made = b"From: @\r\nTo: ,,;\r\nSubject: =?x?y?z?=\r\n\r\nHello"
    return "message/rfc822", mutate.raw(hand.random, made)


def _as_form(hand: Hand) -> tuple[str, bytes]:
    """SendGrid's fields and Mailgun's, each alone or both."""
    sent_to = f"hello@{_either(hand).slug}.test"
    sendgrid = {
        "headers": "From: Ann <ann@x.example>\nMessage-ID: <1@x.example>\n",
        "from": "Ann <ann@x.example>",
        "to": sent_to,
        "subject": "Hi",
        "text": "Hello",
        "envelope": json.dumps({"to": [sent_to], "from": "ann@x.example"}),
        "charsets": '{"text":"utf-8"}',
        "attachments": "0",
        "html": "<p>Hello</p>",
    }
    mailgun = {
        "sender": "ann@x.example",
        "recipient": sent_to,
        "from": "Ann <ann@x.example>",
        "subject": "Hi",
        "body-plain": "Hello",
        "timestamp": "1763480000",
        "message-headers": json.dumps([["Message-Id", "<1@x.example>"]]),
    }
    form = mutate.form(hand.random, hand.random.choice((sendgrid, mailgun, sendgrid | mailgun)))
    quoted = urlencode({key: value.encode("utf-8", "replace") for key, value in form.items()})
    return "application/x-www-form-urlencoded", quoted.encode()


def _as_json(hand: Hand) -> tuple[str, bytes]:
    """Postmark's."""
    told = {
        "FromFull": {"Email": "ann@x.example", "Name": "Ann", "MailboxHash": ""},
        "ToFull": [{"Email": f"hello@{_either(hand).slug}.test", "Name": "", "MailboxHash": ""}],
        "From": "ann@x.example",
        "MessageStream": "inbound",
        "MessageID": "7",
        "Subject": "Hi",
        "TextBody": "Hello",
        "HtmlBody": "<p>Hello</p>",
        "Date": "Wed, 18 Nov 2026 12:00:00 -0500",
        "Headers": [{"Name": "Message-ID", "Value": "<1@x.example>"}],
        "Attachments": [{"Name": "a.png", "Content": "AAAA", "ContentType": "image/png"}],
    }
    return "application/json", json.dumps(mutate.json(hand.random, told)).encode()


def _either(hand: Hand) -> Business:
    return hand.random.choice((hand.ours, hand.theirs))


FORGER = Forger(frozenset({"inbound_email.message"}), rightly, wrongly, open_up)
