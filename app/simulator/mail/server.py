"""The mail server: SMTP for this machine, on a thread of its own."""

import asyncio
import logging

from aiosmtpd.smtp import SMTP

from app.simulator.faults import Dice
from app.simulator.mail.listening import Listening
from app.simulator.mail.reception import Reception
from app.simulator.state import State

LARGEST = 10 * 1024 * 1024
# aiosmtpd warns at each sign-in of an attribute of its own that will go.
logging.getLogger("mail.log").setLevel(logging.ERROR)


class MailServer(Listening):
    def __init__(self, state: State, dice: Dice, port: int, password: str) -> None:
        self._state = state
        self._dice = dice
        self._reception = Reception(state, dice, password)
        super().__init__("SIMULATOR_SMTP_PORT", port, lambda: self._listen(port))

    async def _listen(self, port: int) -> asyncio.Server:
        loop = asyncio.get_running_loop()
        return await loop.create_server(self._connection, "127.0.0.1", port)

    def _connection(self) -> asyncio.Protocol:
        if self._dice.strikes(self._state.faults.mail_turned_away):
            return TurnedAway()
        return SMTP(
            self._reception,
            hostname="simulator.example",
            ident="Mailboxes of the simulator",
            loop=self._loop,
            data_size_limit=LARGEST,
            enable_SMTPUTF8=True,
            # No TLS on this very machine. That everybody has signed in is asked at MAIL: asked
            # by aiosmtpd, each connection would be warned of.
            auth_require_tls=False,
            authenticator=self._reception.sign_in,
        )


class TurnedAway(asyncio.Protocol):
    """Whoever calls is told to come back later."""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.WriteTransport)  # noqa: S101 — for the type checker
        transport.write(b"421 4.3.2 simulator.example is too busy, try again later\r\n")
        transport.close()
