import smtplib
import ssl
from contextlib import suppress
from datetime import datetime
from email.message import EmailMessage
from time import monotonic

from app.channels.base import Channel
from app.lib.mail_server import MailServer
from app.lib.status import MessageStatus
from app.providers.base import (
    Accepted,
    Account,
    CallEnd,
    CannotTell,
    Listed,
    Outcome,
    Outgoing,
    SendError,
    StatusReport,
    before_the_call,
)
from app.providers.smtp.errors import (
    CONTENT,
    NO_SUCH_ADDRESS,
    SENDER,
    UNCONFIRMED,
    UNREACHABLE,
    nothing_sent,
    refusal,
)
from app.providers.smtp.mail import mail, written

# For one step of the dialogue; and for all, within a call's deadline (app/outbox/job.py).
STEP_SECONDS = 8.0
SECONDS = 28.0
# What is left of them once the text is handed over: then only the answer is waited for, and
# without one nobody ever knows.
ANSWER_SECONDS = 14.0


class SmtpProvider:
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
        with nothing_sent():
            server = self._open(written(message.sender).rpartition("@")[2])
        try:
            with nothing_sent():
                self._sign_in(server, account)
                _address(server, message)
            _hand_over(server, made, until - monotonic())
        finally:
            _leave(server)
        return Accepted(str(made["Message-ID"]), MessageStatus.SENT, followed=False)

    def find(self, account: Account, message: Outgoing, since: datetime) -> list[StatusReport]:
        raise CannotTell

    def look_up(self, account: Account, sid: str) -> StatusReport:
        raise CannotTell

    def look_up_call(self, account: Account, sid: str, screened: bool) -> CallEnd:
        raise CannotTell

    def received_since(
        self, account: Account, channel: Channel, number: str, since: datetime
    ) -> list[Listed]:
        raise CannotTell

    def fetch(self, account: Account, url: str) -> bytes:
        raise CannotTell

    def _open(self, domain: str) -> smtplib.SMTP:
        # Without a name smtplib asks for this machine's, for which some resolvers take seconds.
        host, port = self._server.host, self._server.port
        if self._server.tls:
            return smtplib.SMTP_SSL(host, port, domain, timeout=STEP_SECONDS, context=self._tls)
        return smtplib.SMTP(host, port, domain, timeout=STEP_SECONDS)

    def _sign_in(self, server: smtplib.SMTP, account: Account) -> None:
        """Over an encrypted connection, but on this very machine."""
        server.ehlo_or_helo_if_needed()
        if not self._server.tls and not self._server.local:
            server.starttls(context=self._tls)
        if account.sid:
            server.login(account.sid, account.token)


def _address(server: smtplib.SMTP, message: Outgoing) -> None:
    code, _ = server.mail(written(message.sender))
    if code != 250:
        raise refusal(code, SENDER, sender_at_fault=True)
    code, _ = server.rcpt(written(message.recipient))
    if code not in (250, 251):
        raise refusal(code, NO_SUCH_ADDRESS)


def _hand_over(server: smtplib.SMTP, made: EmailMessage, seconds: float) -> None:
    """Only the server's own answer, within so many seconds, tells what became of it."""
    if seconds < ANSWER_SECONDS:
        raise SendError(UNREACHABLE, Outcome.RETRY)
    if server.sock:
        server.sock.settimeout(seconds)
    try:
        code, _ = server.data(made.as_bytes())
    except smtplib.SMTPDataError as error:
        # It did not want to hear it.
        raise refusal(error.smtp_code, CONTENT) from error
    except (smtplib.SMTPException, OSError) as error:
        raise SendError(UNCONFIRMED, Outcome.UNKNOWN) from error
    if 400 <= code < 600:
        raise refusal(code, CONTENT)
    if code != 250:
        raise SendError(UNCONFIRMED, Outcome.UNKNOWN)


def _leave(server: smtplib.SMTP) -> None:
    # RFC 5321, 4.1.1.10; what it says to that changes nothing.
    with suppress(smtplib.SMTPException, OSError):
        server.putcmd("quit")
    server.close()
