"""What was typed, with those whom it names looked up: by this messages are found."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from zoneinfo import ZoneInfo

from sqlalchemy import func, select

from app.channels import CHANNELS
from app.extensions import db
from app.models import Label, User
from app.search.clauses import Clauses, folded, of_customers
from app.search.found_customers import ids
from app.search.typed_search import TypedSearch

ME = "me"
ALWAYS, NEVER = datetime(1900, 1, 1, tzinfo=UTC), datetime(2201, 1, 1, tzinfo=UTC)
# Shorter words go on in too many ways.
GOES_ON = 3
# Of people whom one name can mean.
MOST_PEOPLE = 50
NOBODY = "f0"


@dataclass(frozen=True)
class WantedSearch:
    clauses: Clauses
    """Of a message's words; none: the filters alone."""
    words: tuple[str, ...]
    """What is to be marked where it stands: the beginnings of words."""
    text: str = ""
    """The words as they were typed, without filters."""
    since: datetime = ALWAYS
    until: datetime = NEVER
    label: Label | None = None
    phrases: tuple[str, ...] = ()
    unclear: tuple[str, ...] = ()
    """What of it cannot be looked for, each a sentence for the person."""

    @property
    def of_messages(self) -> bool:
        """Whether it says anything of messages at all."""
        return bool(self.clauses or self.label or self.since > ALWAYS or self.until < NEVER)


def looked_up(typed: TypedSearch, mine: int | None, country: str, timezone: str) -> WantedSearch:
    """The search of somebody of the team (mine: their user's id; an operator is none). Its days are
    those of the zone; a number in it is one of the country."""
    said, *phrases = folded((typed.text, *typed.phrases))
    exact = [word for words in phrases for word in words]
    clauses = [[f"w{word}*" if len(word) >= GOES_ON else f"w{word}"] for word in said]
    clauses += [[f"w{word}"] for word in exact]
    unclear = list(typed.unclear)
    if typed.sender:
        people = _senders(typed.sender, mine, country)
        clauses.append(people or [NOBODY])
        unclear += [] if people else [f"Nobody here is called “{typed.sender}”."]
    if typed.channel:
        channel = _channel(typed.channel)
        clauses.append([f"c{channel}"])
        unclear += [] if channel else [_no_channel(typed.channel)]
    label = _label(typed.label) if typed.label else None
    if typed.label and not label:
        unclear.append(f"No label begins with “{typed.label}”.")
    return WantedSearch(
        clauses,
        (*said, *exact),
        typed.names,
        _midnight(typed.after, timezone) if typed.after else ALWAYS,
        _midnight(typed.before, timezone) if typed.before else NEVER,
        label,
        typed.phrases,
        tuple(unclear),
    )


def _senders(name: str, mine: int | None, country: str) -> list[str]:
    """What was written by customers and people of the team of this name."""
    if name.lower() == ME:
        return [f"u{mine}"] if mine else []
    whole = func.folded(User.name).contains(func.folded(name), autoescape=False)
    users = db.session.scalars(select(User.id).where(User.tenant_id.is_not(None), whole))
    customers = ids(of_customers(name, country), MOST_PEOPLE)
    return [*(f"u{user}" for user in users), *(f"f{customer}" for customer in customers)]


def _channel(name: str) -> str:
    """Its key; empty: there is none that begins so."""
    fits = (key for key, each in CHANNELS.items() if _begins(name, key, each.label))
    return next(fits, "")


def _begins(name: str, *words: str) -> bool:
    return any(word.lower().startswith(name.lower()) for word in words)


def _no_channel(name: str) -> str:
    return (
        f"No channel is called “{name}”. There is {', '.join(c.label for c in CHANNELS.values())}."
    )


def _label(name: str) -> Label | None:
    """The one of that name; else the first that begins so."""
    begins = func.strpos(func.folded(Label.name), func.folded(name)) == 1
    query = select(Label).where(begins).order_by(func.length(Label.name), Label.id).limit(1)
    return db.session.scalar(query)


def _midnight(day: date, timezone: str) -> datetime:
    return datetime.combine(day, time(), ZoneInfo(timezone)).astimezone(UTC)
