"""Emails as programs write them, and as nobody does who means well."""

import base64
import time
import tracemalloc

import pytest

from app.lib.mail.automatic_mail import nature
from app.lib.mail.quotes import own_words, unflowed
from app.providers import inbound_email
from app.providers.contract import BadRequest, Received
from app.providers.inbound_email.mail import NOT_READ
from tests.support.email_in import written

MB = 1024 * 1024
HEAD = b"From: Ann <ann@lee.example>\nSubject: Hi\n"
MIXED = HEAD + b"Content-Type: multipart/mixed; boundary=b\n\n"


def read(raw: bytes) -> Received:
    return inbound_email.received("message/rfc822", raw)


def body_of(kind: str, content: bytes) -> str:
    return read(HEAD + f"Content-Type: {kind}\n\n".encode() + content).body


@pytest.mark.parametrize(
    ("kind", "content", "said"),
    [
        ("text/plain; charset=utf-8", "Grüße".encode(), "Grüße"),
        ("text/plain; charset=iso-8859-1", "Grüße".encode("latin-1"), "Grüße"),
        ("text/plain; charset=nonsense", "Grüße".encode(), "Grüße"),
        ("text/plain; charset=idna", b"a" * 100, "a" * 100),
        ("text/plain; charset=base64", b"YQ==", "YQ=="),
        ("text/plain", "Grüße".encode("cp1252"), "Grüße"),
        ("text/plain; charset=utf-8", b"a\x00b", "ab"),
        (
            "text/plain; charset=utf-8; format=flowed",
            b"One \ntwo \nthree\nfour",
            "One two three\nfour",
        ),
        ("text/html", b"<div>One</div><div>t<b>w</b>o</div><script>x</script>", "One\ntwo"),
        ("text/html", b"<p>Hi</p><style>p {}</style><img src=x onerror=y>", "Hi"),
        ("", b"plain", "plain"),
    ],
)
def test_text_is_read_in_whatever_it_is_written(kind: str, content: bytes, said: str) -> None:
    assert body_of(kind, content) == said


def test_text_stands_before_its_html_and_pictures_are_files() -> None:
    made = written("Plain")
    made.add_alternative("<p>HTML <img src='cid:1'></p>", subtype="html")
    made.add_attachment(b"\x89PNG\r\n\x1a\n", "image", "png", filename="../../a.png")
    came = read(made.as_bytes())
    assert came.body == "Plain"
    assert came.letter and [each.content_type for each in came.letter.files] == ["image/png"]


def test_an_email_within_an_email_is_a_file() -> None:
    made = written("See below")
    made.add_attachment(written("STOP"))
    came = read(made.as_bytes())
    assert came.letter and came.body == "See below"
    assert [each.content_type for each in came.letter.files] == ["message/rfc822"]


@pytest.mark.parametrize(
    "history",
    [
        "On Wed, Nov 18, 2026 at 9:00 AM Bella's Salon <a@b.example> wrote:\n> Reply C to cancel",
        "El mié, 18 nov 2026 a las 9:00, Bella (<a@b.example>) escribió:\n> Reply C to cancel",
        "-----Original Message-----\nFrom: Bella <a@b.example>\nSent: Monday\n\nReply C to cancel",
    ],
)
def test_what_is_quoted_is_cut_and_kept(history: str) -> None:
    came = read(HEAD + b"\n" + f"Yes, thanks,\nAnn\n\n{history}\n".encode())
    assert came.body == "Yes, thanks,\nAnn"
    assert came.letter and "Reply C to cancel" in came.letter.whole


def test_an_email_that_only_quotes_is_shown_whole() -> None:
    text = "On Wed, Nov 18, 2026 at 9:00 AM Bella <a@b.example> wrote:\n> Hi"
    assert own_words(text) == text


def test_flowed_lines_are_joined_and_quotes_and_signatures_are_not() -> None:
    assert unflowed("a \nb\n> c \n> d\n-- \nAnn") == "a b\n> c d\n-- \nAnn"
    assert unflowed("日本 \n語", delete_space=True) == "日本語"


NESTED = b"".join(
    b"Content-Type: multipart/mixed; boundary=b%d\n\n--b%d\n" % (i, i) for i in range(10_000)
)
HOSTILE = {
    "nested": HEAD + NESTED,
    "flat": MIXED + b"--b\n\nx\n" * (24 * MB // 7),
    "headers": b"From: a\n" * (24 * MB // 8),
    "long header": b"From: " + b"a" * 24 * MB,
    "addresses": b"From: " + b"(" * 60_000 + b"\n\nHi",
    "encoded words": b"Subject: " + b"=?utf-8?q?a?= " * 4_000 + b"\n\nHi",
    "parameters": b"From: a\nContent-Type: text/plain; " + b'a";' * 20_000 + b"\n\nHi",
    "line ends": MIXED + b"--b\n" + b"\n" * 24 * MB,
    "dashes": MIXED + b"--" * 12 * MB,
    "almost boundaries": MIXED + (b"\n--b" + b" " * 90 + b"x") * 250_000,
    "heads of parts": MIXED + b"".join(b"--b\n" + b"a:\n" * 1300 + b"\nx\n" for _ in range(90)),
    "quoted-printable": HEAD + b"Content-Transfer-Encoding: quoted-printable\n\n" + b"=3D" * 8 * MB,
    "base64 cut off": HEAD + b"Content-Transfer-Encoding: base64\n\n" + b"A" * (24 * MB + 1),
    "text": HEAD + b"\n" + b"a " * 12 * MB,
    "quotes": HEAD + b"\n" + b"> a\nOn Mon, x wrote:\n" * 50_000,
    "flowed": HEAD + b"Content-Type: text/plain; format=flowed\n\n" + b"a \n" * 340_000,
    "html nested": HEAD + b"Content-Type: text/html\n\n" + b"<div>" * 200_000,
    "html ampersands": HEAD + b"Content-Type: text/html\n\n" + b"&" * MB,
    "html unclosed": HEAD + b"Content-Type: text/html\n\n" + b"<a <!-- <![CDATA[" * 50_000,
    "forwarded": b"".join(b"Content-Type: message/rfc822\n\n" for _ in range(10_000)),
    "many forwarded": MIXED
    + b"".join(b"--b\nContent-Type: message/rfc822\n\n" + NESTED[:200_000] for _ in range(90)),
    "invitation": HEAD + b"Content-Type: text/calendar\n\n" + b"BEGIN:VCALENDAR\n" * 60_000,
    "report": MIXED + b"--b\nContent-Type: message/delivery-status\n\n" + b"A: b\n\n" * 90_000,
    "a large file": MIXED
    + b"--b\nContent-Type: application/pdf\nContent-Transfer-Encoding: base64\n\n"
    + base64.encodebytes(bytes(17 * MB))
    + b"\n--b--",
}


@pytest.mark.parametrize("name", HOSTILE)
def test_nothing_hostile_costs_a_second(name: str) -> None:
    begun = time.thread_time()
    read(HOSTILE[name])
    assert time.thread_time() - begun < 1


@pytest.mark.parametrize("name", HOSTILE)
def test_nothing_hostile_costs_64_megabytes(name: str) -> None:
    tracemalloc.start()
    read(HOSTILE[name])
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert peak < 64 * MB


@pytest.mark.parametrize("name", ["nested", "flat", "headers"])
def test_what_cannot_be_taken_apart_is_kept_as_it_came(name: str) -> None:
    came = read(HOSTILE[name])
    assert came.body == NOT_READ and came.letter
    assert [file.content for file in came.letter.files] == [HOSTILE[name]]


@pytest.mark.parametrize(
    ("sender", "name", "address"),
    [
        ("=?utf-8?q?bank=40bank.example?= <eve@evil.example>", "", "eve@evil.example"),
        ("=?utf-8?q?Bank_=3Cb=40bank.example=3E?= <eve@evil.example>", "Bank", "eve@evil.example"),
        ("Ann =?utf-8?q?=0D=0ABcc=3A_x?= <ann@lee.example>", "Ann Bcc: x", "ann@lee.example"),
        ("=?utf-8?q?=E2=80=AEnnA?= <ann@lee.example>", "nnA", "ann@lee.example"),
        ("=?nonsense?q?Ann?= <ann@lee.example>", "=?nonsense?q?Ann?=", "ann@lee.example"),
        ("=?utf-8?b?////?= <ann@lee.example>", "=?utf-8?b?////?=", "ann@lee.example"),
        ("ann=?utf-8?q?=40?=lee.example", "", ""),
        ('"ann@lee.example" <ann@lee.example>', "", "ann@lee.example"),
    ],
)
def test_an_encoded_word_is_a_name_and_never_an_address_or_a_header(
    sender: str, name: str, address: str
) -> None:
    came = read(f"From: {sender}\n\nHi".encode())
    assert (came.name, came.address) == (name, address)


def test_bytes_of_any_kind_break_nothing() -> None:
    whole = written("Hi").as_bytes()
    for at in range(0, len(whole), 7):
        for odd in (b"\x00", b"\xff\xfe", b"\r", b"\n\n", b"=?x?b?", b'";'):
            try:
                read(whole[:at] + odd + whole[at + 3 :])
            except BadRequest as error:
                assert "no email" in str(error)


@pytest.mark.parametrize(
    ("headers", "address", "answerable", "personal", "commands"),
    [
        ({}, "ann@lee.example", True, True, True),
        ({"auto-submitted": "No"}, "ann@lee.example", True, True, True),
        ({"auto-submitted": "auto-generated"}, "ann@lee.example", False, True, True),
        ({"auto-submitted": "AUTO-REPLIED (vacation)"}, "ann@lee.example", False, False, False),
        ({"x-autoreply": "yes"}, "ann@lee.example", False, False, False),
        ({"precedence": "Auto_Reply"}, "ann@lee.example", False, False, False),
        ({"precedence": "list"}, "ann@lee.example", False, True, False),
        ({"list-id": "<n>"}, "ann@lee.example", False, True, False),
        ({"x-auto-response-suppress": "All"}, "ann@lee.example", False, True, True),
        ({"return-path": "<>"}, "ann@lee.example", False, False, False),
        ({"content-type": "multipart/report; a=b"}, "ann@lee.example", False, False, False),
        ({}, "mailer-daemon@lee.example", False, False, False),
        ({}, "no-reply@lee.example", False, True, True),
        ({}, "donotreply@lee.example", False, True, True),
    ],
)
def test_a_machine_is_known_by_its_marks(
    headers: dict[str, str], address: str, answerable: bool, personal: bool, commands: bool
) -> None:
    found = nature(headers, address, "Hi", "ann@lee.example")
    assert (found.answerable, found.personal, found.commands) == (answerable, personal, commands)


@pytest.mark.parametrize(
    "subject",
    [
        "Automatic reply: See you",
        "Out-of-Office: See you",
        "Automatische Antwort: See you",
        "Abwesend: See you",
        "Respuesta automática: See you",
        "Fuera de la oficina",
        "Réponse automatique : See you",
        "Absent : See you",
        "Absence du bureau",
        "Resposta automática: See you",
        "Fora do escritório",
        "Risposta automatica: See you",
        "Fuori ufficio: See you",
        "Automatisch antwoord: See you",
        "Afwezig: See you",
    ],
)
def test_an_absence_is_known_in_the_languages_that_are_written_here(subject: str) -> None:
    assert not nature({"references": "<a>"}, "ann@lee.example", subject).personal


@pytest.mark.parametrize("subject", ["Re: Absent tomorrow", "Absent tomorrow", "Abroad", "Auto"])
def test_a_person_who_writes_of_an_absence_is_a_person(subject: str) -> None:
    assert nature({"references": "<a>"}, "ann@lee.example", subject).personal


def test_an_absence_without_marks_is_known_by_its_subject_where_it_answers() -> None:
    subject = "Automatic reply: See you"
    assert not nature({"in-reply-to": "<a>"}, "ann@lee.example", subject).personal
    assert nature({}, "ann@lee.example", subject).personal
    assert not nature({}, "ann@lee.example", "Hi", "").personal, "a bounce has no sender"


@pytest.mark.parametrize("charset", ["unk\xe4own", "utf-\x9a"])
def test_a_head_in_a_charset_that_has_no_name_is_read_as_it_stands(charset: str) -> None:
    encoded = f"=?{charset}?b?SGVsbG8=?=".encode("latin-1")
    read_ = read(b"From: Ann <ann@lee.example>\nSubject: " + encoded + b"\n\nHello")
    assert read_.body == "Hello" and read_.letter and "SGVsbG8" in read_.letter.subject
