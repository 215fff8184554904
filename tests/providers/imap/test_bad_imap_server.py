"""What no IMAP server should say: none of it keeps us, fills us, or makes a mail be passed over."""

from collections.abc import Iterator, Mapping
from datetime import date
from pathlib import Path
from ssl import SSLContext
from time import monotonic

import pytest

from app.lib.outside import networks, outside_address
from app.providers.imap import Access, MailboxError, Mark, Trouble, Turn, read_new, try_out
from app.providers.imap.connection import LONGEST_LITERAL
from tests.support.certificates import certified
from tests.support.imap_dialogue import HANGS_UP, HOST, speaking

MARK, DAY = Mark(7, 4), date(2026, 11, 18)
BODY = "UID FETCH 5 (BODY.PEEK[] "
LIST = "UID FETCH 5 (UID"


@pytest.fixture
def trusted(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[SSLContext]:
    """The servers' side of TLS, which the product trusts."""
    context, authority = certified(tmp_path, HOST)
    monkeypatch.setenv("SSL_CERT_FILE", str(authority))
    outside_address.tls.cache_clear()
    yield context
    outside_address.tls.cache_clear()


def access(port: int, tls: bool = True) -> Access:
    private = (networks.parse(HOST),)
    return Access(HOST, port, tls, "ann", "secret", private=private)


def read(
    tls: SSLContext,
    other: Mapping[str, bytes] | None = None,
    mark: Mark = MARK,
    seconds: float = 20,
    drips: float = 0,
) -> Turn:
    with speaking(tls, other, drips=drips) as server:
        return read_new(access(server.port), mark, DAY, seconds)


def trouble(tls: SSLContext, other: Mapping[str, bytes], **how: float) -> Trouble:
    with pytest.raises(MailboxError) as error:
        read(tls, other, **how)  # type: ignore[arg-type]
    return error.value.trouble


def test_a_usual_server_is_read(trusted: SSLContext) -> None:
    turn = read(trusted)
    [mail] = turn.found
    assert (mail.uid, mail.raw, turn.mark) == (5, b"A: b\r\n\r\nc", Mark(7, 5))
    assert mail.at and mail.at.isoformat() == "2026-01-01T10:00:00+00:00"


def test_nothing_but_reading_is_asked_for(trusted: SSLContext) -> None:
    with speaking(trusted) as server:
        read_new(access(server.port), MARK, DAY)
    words = " ".join(server.commands)
    assert "EXAMINE" in words and "SELECT" not in words
    assert "BODY.PEEK[]" in words and "BODY[" not in words
    assert "UNSEEN" not in words and "STORE" not in words


def test_one_that_drips_is_left_in_time(trusted: SSLContext) -> None:
    begun = monotonic()
    assert trouble(trusted, {}, seconds=1.0, drips=0.05) is Trouble.SLOW
    assert monotonic() - begun < 5


@pytest.mark.parametrize(
    "command", ["GREETING", "CAPABILITY", "LOGIN", "EXAMINE", "UID SEARCH", LIST, BODY]
)
def test_one_that_hangs_up_is_read_another_time(trusted: SSLContext, command: str) -> None:
    assert trouble(trusted, {command: HANGS_UP}) is Trouble.PROTOCOL


def test_one_that_hangs_up_within_a_mail_gives_no_half_of_it(trusted: SSLContext) -> None:
    half = b"* 1 FETCH (UID 5 BODY[] {900}\r\nA: b\r\n\r\nc"
    assert trouble(trusted, {BODY: half, "LOGOUT": HANGS_UP}, seconds=1.0) is Trouble.SLOW


def test_what_was_read_before_it_hung_up_counts(trusted: SSLContext) -> None:
    both = b"* 1 FETCH (UID 5 RFC822.SIZE 9)\r\n* 2 FETCH (UID 6 RFC822.SIZE 9)\r\nTAG OK done\r\n"
    turn = read(
        trusted,
        {
            "UID SEARCH": b"* SEARCH 5 6\r\nTAG OK done\r\n",
            "UID FETCH 5,6 (UID": both,
            "UID FETCH 6 (BODY": HANGS_UP,
        },
    )
    assert [mail.uid for mail in turn.found] == [5]
    assert (turn.mark, turn.trouble, turn.more) == (Mark(7, 5), Trouble.PROTOCOL, True)


@pytest.mark.parametrize(
    "said",
    [
        f"* 1 FETCH (UID 5 BODY[] {{{LONGEST_LITERAL + 1}}}\r\n".encode(),
        b"* 1 FETCH (UID 5 BODY[] {99999999999999}\r\n",
        b"* " + b"a" * 3_000_000 + b"\r\n",
        b"* 1 EXISTS\r\n" * 21_000,
    ],
    ids=["large", "endless", "long line", "flood"],
)
def test_no_more_comes_in_than_was_asked_for(trusted: SSLContext, said: bytes) -> None:
    assert trouble(trusted, {BODY: said}) in (Trouble.PROTOCOL, Trouble.UNREACHABLE)


@pytest.mark.parametrize(
    ("command", "said"),
    [
        ("GREETING", b"HTTP/1.1 400 Bad Request\r\n\r\n"),
        ("GREETING", b"* BYE no\r\n"),
        ("CAPABILITY", b"* CAPABILITY POP3\r\nTAG OK done\r\n"),
        ("UID SEARCH", b"* SEARCH five\r\nTAG OK done\r\n"),
        ("UID SEARCH", b"* SEARCH {4}\r\nfive\r\nTAG OK done\r\n"),
        ("UID SEARCH", b"TAG NO not now\r\n"),
        (LIST, b"TAG NO not now\r\n"),
        ("EXAMINE", b"* LIST {3}\r\na b\r\nTAG BAD\r\n"),
    ],
)
def test_what_is_no_answer_of_a_mail_server_is_told_as_such(
    trusted: SSLContext, command: str, said: bytes
) -> None:
    assert trouble(trusted, {command: said}) is Trouble.PROTOCOL


def test_a_mail_that_the_server_cannot_give_is_not_waited_for(trusted: SSLContext) -> None:
    [mail] = read(
        trusted,
        {
            BODY: b"TAG NO the message is corrupt\r\n",
            "UID FETCH 5 (BODY.PEEK[HEADER]": b"TAG NO no\r\n",
        },
    ).found
    assert (mail.uid, mail.whole, mail.raw) == (5, False, b"")
    head = b"* 1 FETCH (UID 5 BODY[HEADER]<0> {8}\r\nA: b\r\n\r\n)\r\nTAG OK done\r\n"
    [mail] = read(trusted, {BODY: b"TAG NO no\r\n", "UID FETCH 5 (BODY.PEEK[HEADER]": head}).found
    assert (mail.whole, mail.raw) == (False, b"A: b\r\n\r\n")


def test_a_mail_that_it_does_not_give_now_is_asked_for_again(trusted: SSLContext) -> None:
    said = b"TAG NO [UNAVAILABLE] try again\r\n"
    assert trouble(trusted, {BODY: said}) is Trouble.PROTOCOL


def test_mails_that_are_gone_are_passed_over(trusted: SSLContext) -> None:
    for command in (LIST, BODY):
        turn = read(trusted, {command: b"TAG OK done\r\n"})
        assert (turn.found, turn.mark, turn.more) == ((), Mark(7, 5), False)


def test_a_range_that_ends_with_an_older_mail_brings_nothing(trusted: SSLContext) -> None:
    assert read(trusted, mark=Mark(7, 5)).found == ()


def test_one_that_numbers_anew_under_its_old_uidvalidity_is_noticed(trusted: SSLContext) -> None:
    turn = read(trusted, mark=Mark(7, 900))
    assert turn.begun == Mark(7, 0, DAY)
    assert [mail.uid for mail in turn.found] == [5]


@pytest.mark.parametrize("said", [b"* OK [UIDVALIDITY 0]\r\n", b""], ids=["0", "none"])
def test_a_uidvalidity_of_0_or_none_is_one_like_others(trusted: SSLContext, said: bytes) -> None:
    answer = {"EXAMINE": b"* 1 EXISTS\r\n" + said + b"* OK [UIDNEXT 6]\r\nTAG OK done\r\n"}
    turn = read(trusted, answer, Mark(0, 4))
    assert (turn.begun, [mail.uid for mail in turn.found]) == (Mark(0, 4), [5])
    assert read(trusted, answer, Mark(0, 5)).found == ()


def test_one_that_does_not_tell_its_next_uid_is_asked_for_the_newest(trusted: SSLContext) -> None:
    answer = {"EXAMINE": b"* 1 EXISTS\r\n* OK [UIDVALIDITY 7]\r\nTAG OK done\r\n"}
    with speaking(trusted, answer) as server:
        assert try_out(access(server.port)) == Mark(7, 5)
        assert "UID SEARCH UID *" in server.commands
        assert read_new(access(server.port), Mark(7, 5), DAY).mark == Mark(7, 5)


@pytest.mark.parametrize(
    ("said", "told"),
    [
        (b"TAG NO [AUTHENTICATIONFAILED] no\r\n", Trouble.REFUSED),
        (b"TAG NO [UNAVAILABLE] down\r\n", Trouble.BUSY),
        (b"TAG NO [ALERT] Too many simultaneous connections. (Failure)\r\n", Trouble.BUSY),
        (b"TAG BAD what\r\n", Trouble.REFUSED),
    ],
)
def test_who_is_let_in_later_is_told_from_who_never_is(
    trusted: SSLContext, said: bytes, told: Trouble
) -> None:
    assert trouble(trusted, {"LOGIN": said}) is told


@pytest.mark.parametrize(
    ("said", "told"),
    [
        (b"TAG NO [NONEXISTENT] no such mailbox\r\n", Trouble.FOLDER),
        (b"TAG NO [UNAVAILABLE] later\r\n", Trouble.BUSY),
        (b"TAG BAD User is authenticated but not connected.\r\n", Trouble.TOKEN_REFUSED),
    ],
)
def test_a_folder_that_is_not_there_is_told_from_one_that_is_not_opened_now(
    trusted: SSLContext, said: bytes, told: Trouble
) -> None:
    folders = b'* LIST () "/" INBOX\r\nTAG OK done\r\n'
    assert trouble(trusted, {"EXAMINE": said, "LIST": folders}) is told


@pytest.mark.parametrize(
    ("answers", "told"),
    [
        ({}, Trouble.NO_TLS),
        ({"GREETING": b"* PREAUTH welcome\r\n"}, Trouble.NO_TLS),
        ({"CAPABILITY": b"* CAPABILITY IMAP4rev1 STARTTLS\r\nTAG OK done\r\n"}, Trouble.PROTOCOL),
    ],
)
def test_no_password_goes_out_without_tls(
    trusted: SSLContext, answers: Mapping[str, bytes], told: Trouble
) -> None:
    with speaking(None, answers) as server, pytest.raises(MailboxError) as error:
        try_out(access(server.port, tls=False))
    assert error.value.trouble is told
    assert not any("secret" in command for command in server.commands)
