"""The suppression list: whom nothing may be sent to, and how that became known."""

from collections.abc import Iterable
from datetime import datetime
from functools import cache
from itertools import product
from typing import Any, NamedTuple, Protocol

from sqlalchemy import (
    ARRAY,
    BigInteger,
    ColumnElement,
    Integer,
    ScalarSelect,
    Select,
    Text,
    and_,
    any_,
    case,
    delete,
    exists,
    func,
    literal,
    select,
)
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import aliased

from app.channels import CHANNELS, home
from app.extensions import db, settings
from app.lib.memo import memoized, prime
from app.lib.telephone.phone import variants
from app.models import ConsentEvent, ContactPoint, Customer, Direction, Message, OptOut
from app.models.consent import PLATFORM
from app.outbox import offers
from app.outbox.queue.fail_waiting import fail_waiting
from app.prepared import Prepared, Question, given
from app.tenancy import current_tenant_id

# Of the words that a carrier reads as a STOP, the business's own, too.
LONGEST_WORD = 20
# What may stand around it.
AROUND = " \t\r\n.,;:!?…\"'“”‘’«»()*_"
LINK, STAFF, COMPLAINT, IMPORT, MERGE = "link", "staff", "complaint", "import", "merge"
# The end of every sentence that says so.
STOPPED = "You cannot write to them here until they text START to your number."
ASKED = f"This person asked for no more messages. {STOPPED}"
COMPLAINED = (
    "This person reported an email of yours as spam. You cannot email them until they subscribe"
    " again, by the link in one of your emails."
)
NO_LONGER = "They do not agree to offers any more."
UNSUBSCRIBED = (
    "This person unsubscribed from your emails. You cannot email them until they subscribe again,"
    " by the same link in one of your emails."
)


def word(body: str) -> str:
    """The word that such a message is; empty where it says more."""
    return body.strip(AROUND).upper() if len(body) <= LONGEST_WORD else ""


class Spoken(NamedTuple):
    """As the columns of ConsentEvent."""

    message_id: int
    channel: str
    said: str
    source: str


_SPOKEN = Prepared(
    Spoken,
    select(ConsentEvent.message_id, ConsentEvent.channel, ConsentEvent.said, ConsentEvent.source)
    .where(ConsentEvent.message_id == any_(given("ids", ARRAY(BigInteger))))
    .order_by(ConsentEvent.id),
)


class Numbered(Protocol):
    """A message: its row, or what a thread shows of it."""

    @property
    def id(self) -> int: ...


def spoken(messages: Iterable[Numbered]) -> Question[dict[int, Spoken]]:
    """What was said by those of the messages that began or ended others, by their ids."""
    return _SPOKEN.question(
        lambda found: {event.message_id: event for event in found},
        ids=[message.id for message in messages],
    )


def spoke_last(customer: Customer) -> Question[bool]:
    """Whether the last that the customer wrote began or ended messages."""
    return _SPOKE_LAST.question(bool, customer_id=customer.id)


_SPOKE_LAST = Prepared(
    int,
    select(ConsentEvent.id)
    .where(
        ConsentEvent.message_id
        == select(func.max(Message.id))
        .where(
            Message.customer_id == given("customer_id", Integer()),
            Message.direction == Direction.INBOUND,
        )
        .scalar_subquery()
    )
    .limit(1),
)


def opted_out(channel: str, address: str) -> bool:
    """Whether the person said that they want no messages at this address."""
    query = select(OptOut.since).where(OptOut.channel == home(channel), OptOut.address == address)
    return db.session.scalar(query) is not None


def refusal(channel: str, address: str) -> str:
    """Why nothing may be sent to the address, for staff; empty: it may."""
    place = (home(channel), address)
    return memoized(("stopped", *place), lambda: _refusals([address]).answer.get(place, ""))


def refusals(customer: Customer) -> Question[dict[tuple[str, str], str]]:
    """The same for each (channel, address) of the customer to which nothing may be sent."""
    return _refusals(point.address for point in customer.contact_points)


def ask_ahead(customers: Iterable[Customer]) -> None:
    """So that `refusal` is known of all of them at once."""
    addresses = {point.address for customer in customers for point in customer.contact_points}
    why = _refusals(addresses).answer
    for place in product(CHANNELS, addresses):
        prime(("stopped", *place), why.get(place, ""))


def _refusals(addresses: Iterable[str]) -> Question[dict[tuple[str, str], str]]:
    return _refused().question(
        lambda found: {(channel, address): why for channel, address, why in found},
        addresses=list(addresses),
    )


@cache
def _refused() -> Prepared[tuple[str, str, str]]:
    return Prepared(
        lambda channel, address, why: (channel, address, why),
        select(OptOut.channel, OptOut.address, _why()).where(
            OptOut.address == any_(given("addresses", ARRAY(Text)))
        ),
    )


def _why() -> ColumnElement[str]:
    """The sentence about an OptOut, with the word that they wrote: CANCEL, too, is one."""
    by_link = [channel.key for channel in CHANNELS.values() if not channel.two_way]
    source = _last(ConsentEvent.source).scalar_subquery()
    replied = literal("This person replied ") + func.coalesce(_word(), "STOP")
    return case(
        (source == COMPLAINT, COMPLAINED),
        (OptOut.channel.in_(by_link), UNSUBSCRIBED),
        (source.in_((STAFF, IMPORT)), ASKED),
        else_=replied + literal(f". {STOPPED}"),
    )


def _word() -> ScalarSelect[str]:
    heard = aliased(Message)
    word = _last(func.upper(func.btrim(heard.body, AROUND))).join(
        heard, (heard.tenant_id == ConsentEvent.tenant_id) & (heard.id == ConsentEvent.message_id)
    )
    short = func.char_length(heard.body) <= LONGEST_WORD
    return word.where(ConsentEvent.source == "keyword", short).scalar_subquery()


def _last(what: Any) -> Select[Any]:
    """Of the last time they said so, as the ledger has it."""
    return (
        select(what)
        .select_from(ConsentEvent)
        .where(
            ConsentEvent.tenant_id == OptOut.tenant_id,
            ConsentEvent.channel == OptOut.channel,
            ConsentEvent.address == OptOut.address,
            ConsentEvent.said == "stop",
        )
        .order_by(ConsentEvent.id.desc())
        .limit(1)
        .correlate(OptOut)
    )


def carrier_says_stop(
    channel: str, address: str, message_id: int, account_sid: str | None, now: datetime
) -> None:
    """The carrier refused a message because the person opted out there (Twilio, 21610), at the
    account that it was sent with.

    Part of the caller's transaction.
    """
    sid = account_sid or PLATFORM
    account = PLATFORM if sid == settings().twilio_account_sid else sid
    for form in dict.fromkeys([*variants(address), *_beside(channel, address)]):
        _add("stop", home(channel), form, "carrier", message_id, sid, now)
        _stop(home(channel), form, account, now)


def stop_by_staff(message: Message, now: datetime) -> None:
    """Staff have read in the customer's message that they want no more of ours where it came from.
    Part of the caller's transaction."""
    sid = message.account_sid or PLATFORM
    account = PLATFORM if sid == settings().twilio_account_sid else sid
    theirs = *_aliases(message), *_beside(message.channel, message.sender)
    for form in dict.fromkeys([*variants(message.sender), *theirs]):
        _add("stop", home(message.channel), form, STAFF, message.id, sid, now)
        _stop(home(message.channel), form, account, now)


def _aliases(message: Message) -> Iterable[str]:
    """What else the channel calls whoever wrote it: a WhatsApp user id is no number."""
    points = select(ContactPoint.address).where(
        ContactPoint.customer_id == message.customer_id,
        ContactPoint.channel == home(message.channel),
    )
    return db.session.scalars(points.where(~ContactPoint.address.startswith("+")))


def _beside(channel: str, address: str) -> Iterable[str]:
    """Of an id of the carrier's the customer's numbers there, and of a number their ids, as
    paired.sql has it for a text."""
    if not CHANNELS[channel].has_ids:
        return ()
    here, other = aliased(ContactPoint), aliased(ContactPoint)
    same = other.customer_id == here.customer_id, other.channel == here.channel
    points = (
        select(other.address)
        .join(here, and_(*same))
        .where(here.channel == channel, here.address == address)
    )
    if address.startswith("+"):
        points = points.where(~other.address.startswith("+"))
    return db.session.scalars(points)


def stop_by_link(channel: str, address: str, message_id: int | None, now: datetime) -> None:
    """The person wants no messages at this address. Part of the caller's transaction."""
    _add("stop", channel, address, LINK, message_id, "", now)
    _stop(channel, address, PLATFORM, now)


def stop_by_complaint(message: Message, now: datetime) -> None:
    """The reader of an email of ours has called it spam. Part of the caller's transaction."""
    _add("stop", message.channel, message.recipient, COMPLAINT, message.id, "", now)
    _stop(message.channel, message.recipient, PLATFORM, now)


def stop_as_told(
    channel: str,
    address: str,
    source: str,
    now: datetime,
    given_at: datetime | None = None,
    evidence: str = "",
) -> bool:
    """The business says that they want no messages at this address, by a file or as they are
    somebody who wants none; False where that is known. Part of the caller's transaction."""
    # Under which account they said so nobody knows: a START to any ends it.
    stop = insert(OptOut).values(
        tenant_id=current_tenant_id(), channel=channel, address=address, since=now, accounts=[]
    )
    new = stop.on_conflict_do_nothing().returning(OptOut.address)
    if db.session.scalar(new) is None:
        return False
    proof = {"given_at": given_at, "evidence": evidence}
    _add("stop", channel, address, source, None, "", now, **proof)
    return True


def take_back_told(event: ConsentEvent, now: datetime) -> bool:
    """That was wrong; False where something was said there since. Part of the
    caller's transaction."""
    here = ConsentEvent.channel == event.channel, ConsentEvent.address == event.address
    since = select(ConsentEvent.id).where(*here, ConsentEvent.id > event.id)
    if db.session.scalar(since.limit(1)) is not None:
        return False
    place = OptOut.channel == event.channel, OptOut.address == event.address
    gone = delete(OptOut).where(*place, OptOut.since == event.at, OptOut.accounts == [])
    if db.session.scalar(gone.returning(OptOut.address)) is not None:
        _add("start", event.channel, event.address, event.source, None, "", now)
        return True
    return False


def start_by_link(channel: str, address: str, message_id: int | None, now: datetime) -> None:
    """They want them again, where they had said that they do not. Part of the caller's
    transaction."""
    here = OptOut.channel == channel, OptOut.address == address
    ended = delete(OptOut).where(*here, OptOut.accounts.bool_op("<@")([PLATFORM]))
    if db.session.scalar(ended.returning(OptOut.address)) is not None:
        _add("start", channel, address, LINK, message_id, "", now)


def _add(
    said: str,
    channel: str,
    address: str,
    source: str,
    message_id: int | None,
    account_sid: str,
    now: datetime,
    **proof: Any,
) -> None:
    event = ConsentEvent(
        channel=channel,
        address=address,
        said=said,
        source=source,
        message_id=message_id,
        account_sid=account_sid,
        at=now,
        **proof,
    )
    db.session.add(event)


def _stop(channel: str, address: str, account: str, now: datetime) -> None:
    """As receive.sql does it for a text."""
    stop = insert(OptOut).values(
        tenant_id=current_tenant_id(),
        channel=channel,
        address=address,
        since=now,
        accounts=[account],
    )
    others = func.array_remove(OptOut.accounts, account)
    known = stop.on_conflict_do_update(
        index_elements=["tenant_id", "channel", "address"],
        set_={
            "since": func.greatest(OptOut.since, stop.excluded.since),
            "accounts": func.array_cat(others, stop.excluded.accounts),
        },
    )
    db.session.execute(known)


@cache
def stopped() -> ColumnElement[bool]:
    """The condition that a message is to somebody who wants none."""
    return exists().where(*_to_its_recipient())


def _to_its_recipient() -> tuple[ColumnElement[bool], ...]:
    return (
        OptOut.tenant_id == Message.tenant_id,
        OptOut.channel == Message.channel,
        OptOut.address == Message.recipient,
    )


def refuse_stopped(now: datetime) -> int:
    """What waits for people who said STOP meanwhile has failed; how many messages."""
    why = select(_why()).where(*_to_its_recipient()).scalar_subquery()
    return fail_waiting(why, Message.send_after <= now, stopped())


def refuse_unwanted(now: datetime) -> int:
    """Offers that wait for people who agree to none any more have failed; how many messages."""
    which = Message.send_after <= now, offers.is_offer(), ~offers.wanted()
    return fail_waiting(NO_LONGER, *which)
