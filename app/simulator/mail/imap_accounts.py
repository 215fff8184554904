"""Who may read which mailbox, and what is in it."""

from base64 import b64decode
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime

from pymap.backend.dict import Config, Identity, Login, Session
from pymap.backend.dict.filter import FilterSet
from pymap.backend.dict.mailbox import MailboxSet
from pymap.exceptions import InvalidAuth
from pymap.interfaces.login import IdentityInterface
from pymap.parsing.message import AppendMessage
from pysasl.creds.server import ServerCredentials
from pysasl.identity import ClearIdentity

from app.simulator.faults import Dice
from app.simulator.mail.letterbox import Letter
from app.simulator.state import State


@dataclass
class Folder:
    """A mailbox as whoever reads it has left it; numbered anew when the simulator starts."""

    mails: MailboxSet = field(default_factory=MailboxSet)
    last: int = 0
    """When the last mail came that was put in."""

    async def fill(self, letters: list[Letter]) -> None:
        inbox = await self.mails.get_mailbox("INBOX")
        for letter in letters:
            at = datetime.fromtimestamp(letter.at or letter.came / 1e9, UTC)
            await inbox.append(AppendMessage(b64decode(letter.content), at, frozenset()))
            self.last = letter.came


class Accounts(Login):
    def __init__(self, config: Config, state: State, dice: Dice, password: str) -> None:
        super().__init__(config)
        self.state, self._dice, self._password = state, dice, password
        self.folders: dict[str, Folder] = {}

    async def authenticate(self, credentials: ServerCredentials) -> Identity:
        right = credentials.verify(ClearIdentity(credentials.authcid, self._password))
        if not right or self._dice.strikes(self.state.faults.imap_no_sign_in):
            raise InvalidAuth
        return Reader(credentials.authcid.lower(), self, None, frozenset())

    async def authorize(self, authenticated: IdentityInterface, authzid: str) -> Identity:
        assert isinstance(authenticated, Reader)  # noqa: S101 — for the type checker
        return authenticated


class Reader(Identity):
    @asynccontextmanager
    async def new_session(self) -> AsyncIterator[Session]:
        accounts = self.login
        assert isinstance(accounts, Accounts)  # noqa: S101 — for the type checker
        folder = accounts.folders.setdefault(self.name, Folder())
        with accounts.state.lock:
            accounts.state.letterboxes.read.add(self.name)
            letters = accounts.state.letterboxes.after(folder.last, self.name)
        await folder.fill(letters)
        yield Session(self.name, self.config, folder.mails, FilterSet())
