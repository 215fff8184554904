"""A mail server elsewhere is signed in to over STARTTLS, and never in clear."""

import ssl
from asyncio import new_event_loop
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session

from app.channels import CHANNELS
from app.lib.mail.mail_server import MailServer
from app.providers.contract import Account, Letter, Outcome, Outgoing, SendError
from app.providers.smtp import SmtpProvider
from tests.support.certificates import certified

# On this machine, and no name of it that is spared encryption (LOOPBACK).
HOST = "127.0.0.2"
ACCOUNT = Account("salon", "secret")
LETTER = Letter(id="7f1c", sender_name="Bella", reply_to="hello@bella.example", subject="Hi")
EMAIL = Outgoing(
    CHANNELS["email"], "messages@kaivox.example", "ann@lee.example", "Hello", "", letter=LETTER
)


class Mailbox:
    """What the server was told, and whether anybody could have read it."""

    def __init__(self) -> None:
        self.signed_in: list[bool] = []
        self.emails: list[tuple[bool, str | None, list[str]]] = []

    def sign_in(
        self, server: SMTP, session: Session, envelope: Envelope, how: str, given: object
    ) -> AuthResult:
        self.signed_in.append(session.ssl is not None)
        right = given == LoginPassword(ACCOUNT.sid.encode(), ACCOUNT.token.encode())
        return AuthResult(success=right, handled=False)

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:
        encrypted = session.ssl is not None
        self.emails.append((encrypted, envelope.mail_from, list(map(str, envelope.rcpt_tos))))
        return "250 2.0.0 Taken"


class Server(Controller):
    """On a free port, which aiosmtpd's own start knows no way to ask for."""

    def _trigger_server(self) -> None:
        self.port = self.server.sockets[0].getsockname()[1]
        super()._trigger_server()


@contextmanager
def serving(mailbox: Mailbox, tls: ssl.SSLContext | None) -> Iterator[SmtpProvider]:
    controller = Server(
        mailbox,
        hostname=HOST,
        port=0,
        loop=new_event_loop(),
        tls_context=tls,
        require_starttls=tls is not None,
        auth_require_tls=False,
        authenticator=mailbox.sign_in,
    )
    controller.start()
    try:
        yield SmtpProvider(MailServer(HOST, controller.port, False, ACCOUNT.sid, ACCOUNT.token))
    finally:
        controller.stop()


@pytest.fixture
def mailbox() -> Mailbox:
    return Mailbox()


def test_it_is_signed_in_to_and_written_to_encrypted(
    tmp_path: Path, mailbox: Mailbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    tls, authority = certified(tmp_path, HOST)
    monkeypatch.setenv("SSL_CERT_FILE", str(authority))
    with serving(mailbox, tls) as provider:
        provider.sign_in(ACCOUNT)
        assert provider.send(ACCOUNT, EMAIL).status == "sent"
    assert mailbox.signed_in == [True, True]
    assert mailbox.emails == [(True, "messages@kaivox.example", ["ann@lee.example"])]


def test_whoever_has_no_certificate_that_is_vouched_for_learns_no_password(
    tmp_path: Path, mailbox: Mailbox
) -> None:
    tls, _ = certified(tmp_path, HOST)
    with serving(mailbox, tls) as provider, pytest.raises(SendError) as refused:
        provider.send(ACCOUNT, EMAIL)
    assert refused.value.outcome is Outcome.REFUSED and refused.value.sender_at_fault
    assert (mailbox.signed_in, mailbox.emails) == ([], [])


def test_whoever_has_a_certificate_of_another_name_learns_none_either(
    tmp_path: Path, mailbox: Mailbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    tls, authority = certified(tmp_path, "mail.other.example")
    monkeypatch.setenv("SSL_CERT_FILE", str(authority))
    with serving(mailbox, tls) as provider, pytest.raises(SendError):
        provider.send(ACCOUNT, EMAIL)
    assert (mailbox.signed_in, mailbox.emails) == ([], [])


def test_a_server_that_offers_no_encryption_learns_none_either(mailbox: Mailbox) -> None:
    with serving(mailbox, None) as provider, pytest.raises(SendError) as refused:
        provider.send(ACCOUNT, EMAIL)
    assert refused.value.sender_at_fault
    assert (mailbox.signed_in, mailbox.emails) == ([], [])


def test_what_was_said_before_the_encryption_does_not_count_after_it(
    tmp_path: Path, mailbox: Mailbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A man in the middle adds an answer in clear, to be read as the first encrypted one
    (CVE-2011-0411 the other way round)."""
    tls, authority = certified(tmp_path, HOST)
    monkeypatch.setenv("SSL_CERT_FILE", str(authority))

    async def smtp_STARTTLS(server: SMTP, arg: str) -> None:
        server.transport.write(b"220 Ready\r\n250-injected\r\n250 AUTH PLAIN\r\n")

    with serving(mailbox, tls) as provider:
        monkeypatch.setattr(SMTP, "smtp_STARTTLS", smtp_STARTTLS)
        with pytest.raises(SendError):
            provider.send(ACCOUNT, EMAIL)
    assert (mailbox.signed_in, mailbox.emails) == ([], [])
