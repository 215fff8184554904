"""How a table names a customer."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, and_, func, literal, or_, select
from sqlalchemy.orm import InstrumentedAttribute

from app.inbound.social.kept_events import NAME, SHOWN
from app.models import (
    Appointment,
    Call,
    ConsentEvent,
    ContactPoint,
    Conversation,
    Customer,
    CustomerMerge,
    CustomerMergePart,
    DeadLetter,
    IdentityLink,
    ImportChange,
    KeptEvent,
    MarketingConsent,
    Media,
    Message,
    Note,
    UserEmail,
    WebhookDelivery,
)
from app.privacy.person import Person

Which = Callable[[Person], ColumnElement[bool]]


@dataclass(frozen=True)
class Trace:
    """Which rows of a table are a customer's, and what of them is told."""

    which: Which
    title: str = ""
    """As a person reads it; empty: it repeats what others tell, as `repeats` says."""
    told: tuple[str, ...] = ()
    """The columns that a person reads, in their order; JSON has all but secrets."""
    repeats: str = ""
    cascades: bool = True
    """Whether its rows go with the customer by a foreign key."""


def told(which: Which, title: str, columns: str, cascades: bool = True) -> Trace:
    return Trace(which, title, tuple(columns.split()), cascades=cascades)


def repeats(which: Which, why: str, cascades: bool = True) -> Trace:
    return Trace(which, repeats=why, cascades=cascades)


def of_customer(column: InstrumentedAttribute[Any]) -> Which:
    return lambda who: column == who.id


def rows_of_theirs(who: Person) -> ColumnElement[bool]:
    """Their own, and those that were merged into it."""
    return or_(Customer.id == who.id, Customer.merged_into_id == who.id)


def merges(who: Person) -> ColumnElement[bool]:
    return or_(CustomerMerge.kept_id == who.id, CustomerMerge.gone_id == who.id)


def merge_parts(who: Person) -> ColumnElement[bool]:
    return CustomerMergePart.merge_id.in_(select(CustomerMerge.id).where(merges(who)))


def identity_links(who: Person) -> ColumnElement[bool]:
    """Of their message, or to an address of theirs."""
    return or_(IdentityLink.customer_id == who.id, IdentityLink.address.in_(who.addresses))


def at_address(column: InstrumentedAttribute[Any]) -> Which:
    return lambda who: column.in_(who.addresses)


def of_message(column: InstrumentedAttribute[Any]) -> Which:
    return lambda who: column.in_(select(Message.id).where(Message.customer_id == who.id))


def of_sid(column: InstrumentedAttribute[Any]) -> Which:
    """By the carrier's id of a message of theirs."""

    def which(who: Person) -> ColumnElement[bool]:
        sids = select(Message.provider_sid).where(Message.customer_id == who.id)
        return column.in_(sids.where(Message.provider_sid.is_not(None)))

    return which


def of_note(column: InstrumentedAttribute[Any]) -> Which:
    return lambda who: column.in_(select(Note.id).where(Note.customer_id == who.id))


def of_conversation(column: InstrumentedAttribute[Any]) -> Which:
    theirs = select(Conversation.id)
    return lambda who: column.in_(theirs.where(Conversation.customer_id == who.id))


def appointments(who: Person) -> ColumnElement[bool]:
    """What was agreed on with them, and what they attend."""
    return or_(Appointment.customer_id == who.id, Appointment.attendee_id == who.id)


def deliveries(who: Person) -> ColumnElement[bool]:
    """By the body, which names them by id alone: written by the database, or by us."""
    names = (f'"customer_id": "{who.id}"', f'"customer_id":"{who.id}"')
    return or_(*(func.strpos(WebhookDelivery.payload, name) > 0 for name in names))


def staff_emails(who: Person) -> ColumnElement[bool]:
    named: ColumnElement[str] = UserEmail.values["customer_id"].as_string()
    return named == str(who.id)


def kept_events(who: Person) -> ColumnElement[bool]:
    """By an address in what came, which is as Meta wrote it."""
    return or_(False, *(func.strpos(KeptEvent.said, each) > 0 for each in who.addresses))


def import_changes(who: Person) -> ColumnElement[bool]:
    """Of their own row, and of those that hang on it."""
    theirs = {
        ContactPoint: ContactPoint.customer_id == who.id,
        Appointment: appointments(who),
        ConsentEvent: ConsentEvent.address.in_(who.addresses),
        MarketingConsent: MarketingConsent.address.in_(who.addresses),
    }
    own = (ImportChange.what == "customer") & (ImportChange.row_id == who.id)
    return or_(own, *(_changed(kind, which) for kind, which in theirs.items()))


def _changed(kind: Any, which: ColumnElement[bool]) -> ColumnElement[bool]:
    rows = ImportChange.row_id.in_(select(kind.id).where(which))
    return and_(ImportChange.what == kind.__tablename__, rows)


def calls(who: Person) -> ColumnElement[bool]:
    """Theirs, and what came from their numbers while nobody was known by them."""
    nobodys = Call.customer_id.is_(None) & Call.caller.in_(who.addresses)
    return or_(Call.customer_id == who.id, nobodys)


def dead_letters(who: Person) -> ColumnElement[bool]:
    """Of their messages and files, and of what could not be read of them."""
    messages = select(Message.id).where(Message.customer_id == who.id)
    files = select(Media.id).where(Media.message_id.in_(messages))
    names = select(literal(NAME) + func.left(KeptEvent.key, SHOWN)).where(kept_events(who))
    return or_(
        DeadLetter.message_id.in_(messages),
        DeadLetter.media_id.in_(files),
        DeadLetter.sid.in_(names),
    )
