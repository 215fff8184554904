"""The mail server: SMTP for this machine, on a thread of its own."""

import asyncio
import logging
import threading

from aiosmtpd.smtp import SMTP

from app.simulator.faults import Dice
from app.simulator.mail.reception import Reception
from app.simulator.state import State

LARGEST = 10 * 1024 * 1024
# aiosmtpd warns at each sign-in of an attribute of its own that will go.
logging.getLogger("mail.log").setLevel(logging.ERROR)


class MailServer:
    """Listens from its making to its `stop`; `port` says where, also when it was given 0. A port
    that is another's ends the start with a word on what to do."""

    def __init__(self, state: State, dice: Dice, port: int, password: str) -> None:
        self._state = state
        self._dice = dice
        self._reception = Reception(state, dice, password)
        self._loop = asyncio.new_event_loop()
        listening = self._loop.create_server(self._connection, "127.0.0.1", port)
        try:
            self._server = self._loop.run_until_complete(listening)
        except OSError as error:
            self._loop.close()
            raise SystemExit(
                f"SIMULATOR_SMTP_PORT {port}: {error.strerror}. Choose another."
            ) from None
        self.port: int = self._server.sockets[0].getsockname()[1]
        self._thread = threading.Thread(target=self._run, name="mail server", daemon=True)
        self._thread.start()

    def stop(self) -> None:
        """Hang up on everybody, and give the port back."""
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()

    def _run(self) -> None:
        asyncio.set_event_loop(self._loop)
        self._loop.run_forever()
        self._server.close()
        self._loop.run_until_complete(self._hang_up())
        self._loop.close()

    async def _hang_up(self) -> None:
        others = asyncio.all_tasks() - {asyncio.current_task()}
        for task in others:
            task.cancel()
        await asyncio.gather(*others, return_exceptions=True)

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
