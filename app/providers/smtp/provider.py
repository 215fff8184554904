"""The carrier of emails: hands each to a mail server, and says what came of it."""

import re
import smtplib
import ssl
from contextlib import suppress
from time import monotonic

from app.lib.mail.mail_server import MailServer
from app.lib.message_status import MessageStatus
from app.providers.contract import (
    Accepted,
    Account,
    Outcome,
    Outgoing,
    SendError,
    before_the_call,
)
from app.providers.smtp.dialogue import Dialogue, EncryptedDialogue
from app.providers.smtp.mail import mail, written
from app.providers.smtp.smtp_errors import (
    CONTENT,
    NO_SUCH_ADDRESS,
    SENDER,
    UNCONFIRMED,
    nothing_sent,
    refusal,
)
from app.providers.tells_little import TellsLittle

# For the whole dialogue, within a call's deadline (app/outbox/delivery/job.py).
SECONDS = 28.0
# What is left of them once the text is handed over: then only the answer is waited for, and
# without one nobody ever knows.
ANSWER_SECONDS = 14.0
# A line that is a dot ends the text (RFC 5321, 4.5.2).
DOTS, END = re.compile(rb"^\.", re.MULTILINE), b".\r\n"


class SmtpProvider(TellsLittle):
    """Hands emails to one server, each over a connection of its own.

    SMTP knows no list of what was sent: what got no answer stays unknown. Nor does it say what
    becomes of an email: a bounce goes to the address that it came from.
    """

    def __init__(self, server: MailServer) -> None:
        self._server = server
        self._tls = ssl.create_default_context()

    def send(self, account: Account, message: Outgoing) -> Accepted:
        """Hand the email over. Raises SendError and nothing else."""
        until = monotonic() + SECONDS
        with before_the_call():
            if message.letter is None:
                raise ValueError("An email needs its letter.")
            made = mail(message, message.letter)
            text = DOTS.sub(b"..", made.as_bytes()) + END
        with before_the_call(), nothing_sent():
            domain = written(message.sender).rpartition("@")[2]
            server = self._open(domain, until - ANSWER_SECONDS)
        try:
            with before_the_call(), nothing_sent():
                self._sign_in(server, account)
                _address(server, message)
                _announce(server)
            _hand_over(server, text, until)
        finally:
            _leave(server)
        return Accepted(str(made["Message-ID"]), MessageStatus.SENT)

    def sign_in(self, account: Account) -> None:
        """Greet the server and sign in, and write nothing. Raises SendError."""
        with before_the_call(), nothing_sent():
            server = self._open("localhost", monotonic() + ANSWER_SECONDS)
            try:
                self._sign_in(server, account)
            finally:
                _leave(server)

    def _open(self, domain: str, until: float) -> Dialogue:
        host, port = self._server.host, self._server.port
        if self._server.tls:
            return EncryptedDialogue(host, port, domain, until, context=self._tls)
        return Dialogue(host, port, domain, until)

    def _sign_in(self, server: smtplib.SMTP, account: Account) -> None:
        """Over an encrypted connection, but on this very machine."""
        server.ehlo_or_helo_if_needed()
        if not self._server.tls and not self._server.local:
            server.starttls(context=self._tls)
        if account.sid:
            server.login(account.sid, account.token)


def _address(server: smtplib.SMTP, message: Outgoing) -> None:
    comes_back_to = message.letter and message.letter.return_path
    code, _ = server.mail(written(comes_back_to or message.sender))
    if code != 250:
        raise refusal(code, SENDER, sender_at_fault=True)
    code, _ = server.rcpt(written(message.recipient))
    if code not in (250, 251):
        raise refusal(code, NO_SUCH_ADDRESS)


def _announce(server: Dialogue) -> None:
    code, _ = server.docmd("DATA")
    if code != 354:
        # It did not want to hear it.
        raise refusal(code, CONTENT)


def _hand_over(server: Dialogue, text: bytes, until: float) -> None:
    """Only the server's own answer, by that time, tells what became of it."""
    server.until = until
    if server.sock:
        server.sock.settimeout(until - monotonic())
    try:
        server.send(text)
        code, _ = server.getreply()
    except (smtplib.SMTPException, OSError) as error:
        raise SendError(UNCONFIRMED, Outcome.UNKNOWN) from error
    if 400 <= code < 600:
        raise refusal(code, CONTENT)
    if code != 250:
        raise SendError(UNCONFIRMED, Outcome.UNKNOWN)


def _leave(server: Dialogue) -> None:
    # RFC 5321, 4.1.1.10; what it says to that changes nothing.
    with suppress(smtplib.SMTPException, OSError):
        server.putcmd("quit")
    server.close()
