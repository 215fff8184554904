"""What the mail server says to each command, and what goes wrong on purpose."""

import asyncio
import time
from asyncio import WriteTransport
from dataclasses import asdict

from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session

from app.simulator.faults import Dice
from app.simulator.mail import emails
from app.simulator.state import State

USER = "simulator"
# Nobody there has a mailbox.
NOBODY = "nobody.example"
OK = "250 OK"


class Reception:
    """The handler of aiosmtpd. Codes: https://www.rfc-editor.org/rfc/rfc5321#section-4.2.3"""

    def __init__(self, state: State, dice: Dice, password: str) -> None:
        self._state = state
        self._dice = dice
        self._account = LoginPassword(USER.encode(), password.encode())

    def sign_in(
        self, server: SMTP, session: Session, envelope: Envelope, mechanism: str, given: object
    ) -> AuthResult:
        """A result that is not `handled` is answered with 535."""
        right = isinstance(given, LoginPassword) and given == self._account
        refused = self._strikes("mail_no_sign_in")
        return AuthResult(success=right and not refused, handled=False)

    async def handle_MAIL(
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        if not session.authenticated:
            return "530 5.7.0 Authentication required"
        envelope.mail_from = address
        envelope.mail_options.extend(options)
        return OK

    async def handle_RCPT(
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        if address.lower().endswith(f"@{NOBODY}"):
            return "550 5.1.1 There is no such mailbox"
        if self._strikes("mail_greylisted"):
            return "451 4.7.1 Greylisted, try again later"
        envelope.rcpt_tos.append(address)
        return OK

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:
        low, high = self._state.faults.mail_latency_ms
        if high:
            await asyncio.sleep(self._dice.between(low, high) / 1000)
        if self._strikes("mail_no_room"):
            return "452 4.3.1 Not enough room now, try again later"
        if self._strikes("mail_refused"):
            return "554 5.7.1 Refused as spam"
        if self._strikes("mail_hangs"):
            await _until_the_connection_ends()
        answer = self._take(envelope)
        if self._strikes("mail_reset_after") and isinstance(server.transport, WriteTransport):
            server.transport.abort()
            await _until_the_connection_ends()
        return answer

    def _take(self, envelope: Envelope) -> str:
        content, sender = envelope.original_content or b"", envelope.mail_from or ""
        recipients = [str(each) for each in envelope.rcpt_tos]
        try:
            email = emails.read(content, sender, recipients, time.time())
        except ValueError as error:
            return f"554 5.6.0 This email cannot be read: {error}"
        self._state.record("email", asdict(email))
        return f"250 2.0.0 Taken as {email.sid}"

    def _strikes(self, fault: str) -> bool:
        return self._dice.strikes(getattr(self._state.faults, fault))


async def _until_the_connection_ends() -> None:
    """Its end cancels whoever waits here."""
    await asyncio.Event().wait()
