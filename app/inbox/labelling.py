"""Labels on conversations. Parts of the caller's transaction, as conversation_commands.py."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import ColumnElement, Integer, delete, func, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import InstrumentedAttribute

from app import events
from app.extensions import db
from app.inbox.conversation_log import By, write
from app.models import ConversationEventKind as Kind
from app.models import ConversationLabel, EventType, Label
from app.prepared import Prepared, Question, given
from app.tenancy import current_tenant_id


class NoSuchLabel(LookupError):
    """The label is gone, or is another business's."""


def add_label(customer_id: int, label_id: int, by: By, at: datetime) -> bool:
    """Put the label on the customer's conversation; whether it was not there. Here alone a label
    is added, and rules are told. Raises NoSuchLabel."""
    name = _name(label_id)
    row = insert(ConversationLabel).values(
        tenant_id=current_tenant_id(),
        customer_id=customer_id,
        label_id=label_id,
        at=at,
        **by.columns(),
    )
    added = row.on_conflict_do_nothing(index_elements=["tenant_id", "customer_id", "label_id"])
    if db.session.scalar(added.returning(ConversationLabel.id)) is None:
        return False
    write(Kind.LABEL_ADDED, customer_id, by, at, about=name)
    events.record(EventType.LABEL_ADDED, customer_id, at, label_id=label_id, label=name)
    return True


def remove_label(customer_id: int, label_id: int, by: By, at: datetime) -> bool:
    """Take the label off; whether it was there. Raises NoSuchLabel."""
    name = _name(label_id)
    removed = delete(ConversationLabel).where(
        ConversationLabel.customer_id == customer_id, ConversationLabel.label_id == label_id
    )
    unseen = removed.execution_options(synchronize_session=False)
    if db.session.scalar(unseen.returning(ConversationLabel.id)) is None:
        return False
    write(Kind.LABEL_REMOVED, customer_id, by, at, about=name)
    return True


def _name(label_id: int) -> str:
    # Held, so that it is not deleted under the row that will name it.
    query = (
        select(Label.name).where(Label.id == label_id).with_for_update(key_share=True, read=True)
    )
    name = db.session.scalar(query)
    if name is None:
        raise NoSuchLabel(f"label {label_id}")
    return name


class LabelShown(NamedTuple):
    id: int
    name: str
    colour: str


@dataclass(frozen=True)
class Choice:
    label: LabelShown
    chosen: bool
    """Whether the conversation has it."""


_CHOICES = Prepared(
    lambda id_, name, colour, chosen: Choice(LabelShown(id_, name, colour), chosen),
    select(
        Label.id,
        Label.name,
        Label.colour,
        Label.id.in_(
            select(ConversationLabel.label_id).where(
                ConversationLabel.customer_id == given("customer_id", Integer())
            )
        ),
    ).order_by(func.lower(Label.name)),
)


def choices(customer_id: int | None = None) -> list[Choice]:
    """All labels of the business by name, with those that the customer's conversation has."""
    return asked_choices(customer_id).answer


def asked_choices(customer_id: int | None = None) -> Question[list[Choice]]:
    return _CHOICES.question(list, customer_id=customer_id)


def among(customer_ids: Iterable[int]) -> dict[int, list[Label]]:
    """The labels of each of the customers who have any, by name."""
    query = (
        select(ConversationLabel.customer_id, Label)
        .join(Label, Label.id == ConversationLabel.label_id)
        .where(ConversationLabel.customer_id.in_(list(customer_ids)))
        .order_by(func.lower(Label.name))
    )
    found: dict[int, list[Label]] = {}
    for customer_id, label in db.session.execute(query):
        found.setdefault(customer_id, []).append(label)
    return found


def having(customer_id: InstrumentedAttribute[int], label_id: int) -> ColumnElement[bool]:
    """The condition that the customer's conversation has the label."""
    who = select(ConversationLabel.customer_id).where(ConversationLabel.label_id == label_id)
    return customer_id.in_(who)
