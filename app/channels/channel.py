"""What a medium can do, as data."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta


@dataclass(frozen=True)
class Channel:
    """What a medium can do. A new one is a file in this folder with a CHANNEL of its own."""

    key: str
    label: str
    provider: str
    """The key of the provider that carries it."""
    address_form: str
    """phone, email, or scoped: an id that the carrier or we make up for one channel. Channels that
    share a form share their customers' addresses; scoped ones are each channel's own."""
    icon: str
    order: int
    """Where it stands among the others on a page."""
    prefix: str = ""
    """What the carrier wants before an address."""
    carries: str = ""
    """The key of the channel whose messages it carries where it can: to that one's addresses, under
    its STOP, from its sender. Nobody chooses it; the carrier does, and tells. Empty: its own."""
    has_ids: bool = False
    """Whether somebody may write without their number, by an id that the carrier makes up for them
    and names beside it once they show it."""
    max_length: int = 1600
    length: Callable[[str], int] = len
    """How long its carrier counts a text."""
    longest_piece: int = 1600
    """What is longer in that count takes several calls, where its carrier takes several."""
    has_subject: bool = False
    two_way: bool = True
    """Whether answers come to us; else they go to the business's own address."""
    followed: bool = True
    """Whether its carrier tells later what became of a message."""
    is_asked: bool = True
    """Whether it can be asked, too."""
    reminds: bool = True
    """Whether what nobody wrote by hand may go by it: who has left a live chat reads nothing."""
    is_markup: bool = False
    """Whether its texts are HTML, in which what customers say of themselves is escaped."""
    billed_by_segment: bool = False
    attachments: frozenset[str] = frozenset()
    """The types of files that can go along."""
    segments_a_second: Callable[[str], float] = lambda sender: 10.0
    """How many segments a second a carrier usually takes of such a sender."""
    session_window: timedelta | None = None
    """How long after the customer's last message free text may be sent; None: always."""
    has_templates: bool = False
    """Whether approved templates may be sent after that."""
    answers_one: bool = False
    """Whether a message can be shown there as the answer to one of the customer's."""
    picks_templates: bool = False
    """Whether staff choose one by hand, too."""
    human_window: timedelta | None = None
    """The same of what a person typed, for a business whose app may (Meta: HUMAN_AGENT)."""
    stand_ins: tuple[str, ...] = ("sms",)
    """The channels that a text goes by once that is over, in their order."""

    @property
    def is_scoped(self) -> bool:
        """Whether its addresses mean nothing elsewhere, and nobody can type one."""
        return self.address_form == "scoped"

    @property
    def place(self) -> str:
        """What an address is called there."""
        return {"phone": "number", "email": "address"}.get(self.address_form, "account")
