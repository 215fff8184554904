"""What the contract test needs of a channel's carrier: a new channel is a file in rigs/."""

from abc import ABC, abstractmethod
from collections.abc import Sequence
from uuid import uuid4

from tests.support.carrier import Carrier
from tests.support.mailboxes import Mailboxes
from tests.support.world import Business


class Rig(ABC):
    """A customer with a telephone or a browser at one end, our webhooks at the other, and a
    carrier between them that can be made to misbehave."""

    stop = "STOP"
    """What says that no more is wanted."""
    reports = True
    """Whether the carrier tells later what became of a message."""
    unclear = True
    """Whether it can take a message and leave us in the dark."""

    def __init__(self, twilio: Carrier, post: Mailboxes) -> None:
        self.twilio, self.post = twilio, post

    def connect(self, owner: Business) -> None:  # noqa: B027 — most are
        """The business can be written to, and writes, by the channel."""

    @abstractmethod
    def writes(self, owner: Business, id_: str, body: str, picture: bool = False) -> int:
        """The customer writes, by the webhook as the carrier posts it; the HTTP status. The same
        id is the same message."""

    @abstractmethod
    def arrived(self, owner: Business) -> Sequence[str]:
        """The texts that the customer has from the business, in their order."""

    def answers_unclearly(self, unclearly: bool) -> None:  # noqa: B027 — most can
        """From now on the carrier takes what it is given, and nobody is told."""

    def tells(self, owner: Business, sid: str, status: str) -> int:
        """The carrier reports what became of the message, delivered or sent; the HTTP status."""
        raise NotImplementedError


def new_id() -> str:
    return uuid4().hex
