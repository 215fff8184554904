"""The same email in raw, by SendGrid in both forms, by Mailgun and by Postmark."""

import json
from base64 import b64encode
from collections.abc import Callable
from email.message import EmailMessage
from urllib.parse import urlencode

import pytest

from app.providers import inbound_email
from app.providers.contract import BadRequest, Received
from tests.support.email_in import written

PDF = b"%PDF-1.7 " + bytes(range(256))
TEXT = "Grüße, is ten free?"
HEADERS = {
    "From": "Änn Lee <ANN@lee.example>",
    "To": "All <all@lee.example>",
    "Subject": "Grüße",
    "Message_ID": "<b@lee.example>",
    "In_Reply_To": "<a@kaivox.example>",
    "Auto_Submitted": "auto-generated",
}


def mail() -> EmailMessage:
    made = written(TEXT, **HEADERS)
    made.add_attachment(PDF, "application", "pdf", filename="plän.pdf")
    return made


def multipart(*fields: tuple[str, bytes] | tuple[str, bytes, str]) -> tuple[str, bytes]:
    made = b""
    for name, value, *file in fields:
        named = f'; filename="{file[0]}"\r\nContent-Type: application/pdf' if file else ""
        made += f'--xX\r\nContent-Disposition: form-data; name="{name}"{named}\r\n\r\n'.encode()
        made += value + b"\r\n"
    return "multipart/form-data; boundary=xX", made + b"--xX--\r\n"


def head() -> bytes:
    return mail().as_bytes().partition(b"\n\n")[0] + b"\n"


def raw() -> tuple[str, bytes]:
    return "message/rfc822", mail().as_bytes()


def raw_with_its_line_ends() -> tuple[str, bytes]:
    return "message/rfc822", mail().as_bytes().replace(b"\n", b"\r\n")


ENVELOPE = b'{"to":["bella@in.example"],"from":"ann@lee.example"}'


def sendgrid() -> tuple[str, bytes]:
    return multipart(
        ("headers", head()),
        ("charsets", b'{"to":"UTF-8","text":"iso-8859-1"}'),
        ("text", TEXT.encode("iso-8859-1")),
        ("html", b"<p>other</p>"),
        ("envelope", ENVELOPE),
        ("attachments", b"1"),
        ("attachment1", PDF, "plän.pdf"),
    )


def sendgrid_raw() -> tuple[str, bytes]:
    return multipart(("email", mail().as_bytes()), ("envelope", ENVELOPE))


def mailgun() -> tuple[str, bytes]:
    headers = [[name, str(value)] for name, value in mail().items()]
    return multipart(
        ("recipient", b"bella@in.example"),
        ("sender", b"ann@lee.example"),
        ("message-headers", json.dumps(headers).encode()),
        ("body-plain", TEXT.encode()),
        ("attachment-1", PDF, "plän.pdf"),
    )


def postmark() -> tuple[str, bytes]:
    headers = [{"Name": name, "Value": str(value)} for name, value in mail().items()]
    said = {
        "From": HEADERS["From"],
        "To": HEADERS["To"],
        "Subject": HEADERS["Subject"],
        "OriginalRecipient": "bella@in.example",
        "MessageID": "postmarks-own",
        "TextBody": TEXT,
        "HtmlBody": "<p>other</p>",
        "Headers": [each for each in headers if each["Name"] not in ("From", "To", "Subject")],
        "Attachments": [
            {
                "Name": "plän.pdf",
                "Content": b64encode(PDF).decode(),
                "ContentType": "application/pdf",
            }
        ],
    }
    return "application/json; charset=utf-8", json.dumps(said).encode()


SHAPES = (raw, raw_with_its_line_ends, sendgrid, sendgrid_raw, mailgun, postmark)


@pytest.mark.parametrize("shape", SHAPES)
def test_all_shapes_of_an_email_are_one(shape: Callable[[], tuple[str, bytes]]) -> None:
    came = inbound_email.received(*shape())
    letter = came.letter
    assert letter
    assert (came.name, came.address) == ("Änn Lee", "ann@lee.example")
    assert came.recipient == ("all@lee.example" if shape in SHAPES[:2] else "bella@in.example")
    assert (letter.subject, came.body) == ("Grüße", TEXT)
    assert (letter.id, letter.answers) == ("<b@lee.example>", ("<a@kaivox.example>",))
    assert [(file.content, file.name) for file in letter.files] == [(PDF, "plän.pdf")]
    assert (letter.nature.answerable, letter.nature.personal) == (False, True)


@pytest.mark.parametrize("shape", SHAPES)
def test_in_whatever_shape_and_by_whatever_way_it_comes_it_is_the_same(
    shape: Callable[[], tuple[str, bytes]],
) -> None:
    flowed = raw()[1].replace(b'charset="utf-8"', b'charset="utf-8"; format=flowed')
    broken = flowed.replace(b"Gr=C3=BC=C3=9Fe, is", b"Gr=C3=BC=C3=9Fe, \nis")
    stamped = broken.replace(b"12:00:00 -0500", b"12:00:00 -0500 (EST)")
    assert stamped not in (broken, flowed, raw()[1])
    by_imap = inbound_email.received("message/rfc822", stamped)
    assert inbound_email.received(*shape()).sid == by_imap.sid


def test_two_that_say_nothing_but_hang_on_something_else_are_two() -> None:
    first, second = (written("", Message_ID="", Subject="") for _ in range(2))
    first.add_attachment(PDF, "application", "pdf")
    second.add_attachment(PDF + b"2", "application", "pdf")
    sids = {inbound_email.received("message/rfc822", m.as_bytes()).sid for m in (first, second)}
    assert len(sids) == 2


def test_a_mailgun_form_without_files_comes_in_another_encoding() -> None:
    form = {
        "recipient": "bella@in.example",
        "sender": "ann@lee.example",
        "message-headers": '[["From", "ann@lee.example"]]',
        "body-plain": "Grüße & mehr",
    }
    kind = "application/x-www-form-urlencoded"
    assert inbound_email.received(kind, urlencode(form).encode()).body == "Grüße & mehr"


def test_a_repeated_post_is_known_again_and_no_other_is() -> None:
    first, again = inbound_email.received(*raw()), inbound_email.received(*raw())
    other = inbound_email.received(
        "message/rfc822", mail().as_bytes().replace(b"18 Nov", b"19 Nov")
    )
    assert first.sid == again.sid != other.sid


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"[]",
        b"null",
        b'{"From": 1, "Headers": 1}',
        b'{"From": {}, "Headers": [1, {"Name": 2}]}',
    ],
)
def test_json_of_any_other_kind_is_refused_or_read_but_breaks_nothing(body: bytes) -> None:
    try:
        found = inbound_email.received("application/json", body)
    except BadRequest:
        return
    assert isinstance(found, Received) and found.address == ""


def within() -> EmailMessage:
    """An email whose HTML has a picture that came with it."""
    made = written("See the sign")
    made.add_alternative('<p>See <img src="cid:sign@lee"></p>', subtype="html")
    html = list(made.iter_parts())[1]
    assert isinstance(html, EmailMessage)
    html.add_related(PNG, "image", "png", cid="<sign@lee>", filename="sign.png")
    return made


PNG = b"\x89PNG\r\n\x1a\n and so on"


def in_raw() -> tuple[str, bytes]:
    return "message/rfc822", within().as_bytes()


def by_sendgrid() -> tuple[str, bytes]:
    return multipart(
        ("headers", head()),
        ("html", b'<p>See <img src="cid:sign@lee"></p>'),
        ("envelope", ENVELOPE),
        ("content-ids", b'{"sign@lee":"attachment1"}'),
        ("attachment1", PNG, "sign.png"),
    )


def by_mailgun() -> tuple[str, bytes]:
    return multipart(
        ("recipient", b"bella@in.example"),
        ("message-headers", b'[["From", "ann@lee.example"]]'),
        ("body-html", b'<p>See <img src="cid:sign@lee"></p>'),
        ("content-id-map", b'{"<sign@lee>":"attachment-1"}'),
        ("attachment-1", PNG, "sign.png"),
    )


def by_postmark() -> tuple[str, bytes]:
    said = {
        "From": "ann@lee.example",
        "HtmlBody": '<p>See <img src="cid:sign@lee"></p>',
        "Headers": [],
        "Attachments": [
            {
                "Name": "sign.png",
                "Content": b64encode(PNG).decode(),
                "ContentType": "image/png",
                "ContentID": "<sign@lee>",
            }
        ],
    }
    return "application/json", json.dumps(said).encode()


@pytest.mark.parametrize("shape", [in_raw, by_sendgrid, by_mailgun, by_postmark])
def test_in_each_shape_a_picture_keeps_its_place_in_the_text(
    shape: Callable[[], tuple[str, bytes]],
) -> None:
    letter = inbound_email.received(*shape()).letter
    assert letter and '<img src="cid:sign@lee">' in letter.html
    assert [(f.content_id, f.name, f.content) for f in letter.files] == [
        ("sign@lee", "sign.png", PNG)
    ]
