"""The rows of the list of conversations: all that it shows of each, by one statement.

Which conversations these are is asked before (conversations.py) or first, within it; then each is
found by its key. So the plan holds however old the planner's statistics are, and a page costs what
a page has.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import ARRAY, ColumnElement, Integer, ScalarSelect, Select, any_, case, func, select
from sqlalchemy.dialects.postgresql import aggregate_order_by
from sqlalchemy.orm import aliased

from app.inbox.labelling import LabelShown
from app.lib.message_status import MessageStatus
from app.lib.text.cleaning import preview
from app.models import (
    Call,
    Conversation,
    ConversationLabel,
    ConversationState,
    Customer,
    Draft,
    Label,
    Message,
    Reply,
    User,
)
from app.models.contact_point import addresses_of
from app.models.conversation import MISSED_CALL, state_of, waits_since
from app.models.customer import Person
from app.prepared import Prepared, Question, given


class OpenReply(NamedTuple):
    """The answer to a reminder that waits for a person."""

    answer: str
    outcome: str
    starts_at: datetime | None


class LastCall(NamedTuple):
    caller: str
    started_at: datetime


class ConversationRow(NamedTuple):
    """As the columns of Conversation, with what belongs to it; labels by name."""

    id: int
    customer_id: int
    last_message_at: datetime
    last_message_id: int
    last_call_id: int | None
    last_channel: str
    last_direction: str
    last_author_id: int | None
    preview: str
    unread_count: int
    stop_asked_id: int | None
    closed_at: datetime | None
    snoozed_until: datetime | None
    waiting_since: datetime | None
    waited_since: datetime | None
    assignee_id: int | None
    assignee: str | None
    last_author: str | None
    customer: Person
    open_reply: OpenReply | None
    last_call: LastCall | None
    lost: MessageStatus | None
    """Of the last message that did not arrive, as long as staff have not dealt with it."""
    labels: Sequence[LabelShown]
    draft: str | None
    """How what the reader has begun to write to the customer begins."""

    @property
    def call_missed(self) -> bool:
        return self.last_direction == MISSED_CALL

    @property
    def waits_since(self) -> datetime | None:
        return waits_since(self)

    def state(self, now: datetime) -> ConversationState:
        return state_of(self, now)


def rows(ids: Sequence[int], reader: int | None) -> Question[list[ConversationRow]]:
    """Those of the conversations, in their order, with the drafts of a user; an operator (None) has
    none."""

    def in_order(found: list[ConversationRow]) -> list[ConversationRow]:
        by_id = {row.id: row for row in found}
        return [by_id[id_] for id_ in ids if id_ in by_id]

    return _ROWS.question(in_order, ids=list(ids), reader=reader)


def latest(ids: Select[Any]) -> Prepared[ConversationRow]:
    """The conversations that the select of ids finds, the latest first; to be asked as rows()
    is."""
    # As an array: joined, it would be planned by how many the statistics say there are.
    which = func.array(ids.scalar_subquery(), type_=ARRAY(Integer))
    query = _SELECT.where(Conversation.id == any_(which))
    return Prepared(
        _row, query.order_by(Conversation.last_message_at.desc(), Conversation.id.desc())
    )


def _row(*columns: Any) -> ConversationRow:
    *plain, first, last, known, answer, outcome, starts_at = columns[:-5]
    caller, called, failed, labels, draft = columns[-5:]
    return ConversationRow._make(
        (
            *plain,
            Person(first, last, tuple(known or ())),
            OpenReply(answer, outcome, starts_at) if answer else None,
            LastCall(caller, called) if caller is not None else None,
            MessageStatus(failed) if failed else None,
            tuple(LabelShown(*label) for label in labels or ()),
            preview(draft) if draft else None,
        )
    )


def _lost() -> ColumnElement[Any]:
    lost = select(Message.status).where(
        Message.customer_id == Conversation.customer_id, Message.not_arrived()
    )
    last = lost.order_by(Message.id.desc()).limit(1).correlate(Conversation).scalar_subquery()
    return case((Conversation.failed, last))


def _labels() -> ScalarSelect[Any]:
    pair = func.json_build_array(Label.id, Label.name, Label.colour)
    on_it = (
        select(func.json_agg(aggregate_order_by(pair, func.lower(Label.name))))
        .select_from(ConversationLabel)
        .join(Label, Label.id == ConversationLabel.label_id)
        .where(ConversationLabel.customer_id == Conversation.customer_id)
    )
    return on_it.correlate(Conversation).scalar_subquery()


def _named_by() -> ColumnElement[Any]:
    """The addresses of whoever may have no name that shows."""
    named = (Customer.first_name + Customer.last_name).regexp_match(r"\w")
    return case((~named, addresses_of(Conversation.customer_id)))


def _draft() -> ScalarSelect[str]:
    said = select(func.coalesce(func.nullif(Draft.body, ""), Draft.subject)).where(
        Draft.customer_id == Conversation.customer_id, Draft.user_id == given("reader", Integer)
    )
    return said.correlate(Conversation).scalar_subquery()


def _name(user: Any) -> ColumnElement[str]:
    """As str(user) says it."""
    return func.coalesce(func.nullif(user.name, ""), user.email)


_author = aliased(User)
_SELECT = (
    select(
        *(getattr(Conversation, name) for name in ConversationRow._fields[:16]),
        _name(User),
        _name(_author),
        Customer.first_name,
        Customer.last_name,
        _named_by(),
        Reply.answer,
        Reply.outcome,
        Reply.starts_at,
        Call.caller,
        Call.started_at,
        _lost(),
        _labels(),
        _draft(),
    )
    .join(Customer, Customer.id == Conversation.customer_id)
    .outerjoin(User, User.id == Conversation.assignee_id)
    .outerjoin(_author, _author.id == Conversation.last_author_id)
    .outerjoin(Reply, Reply.id == Conversation.open_reply_id)
    .outerjoin(Call, Call.id == Conversation.last_call_id)
)
_ROWS = Prepared(_row, _SELECT.where(Conversation.id == any_(given("ids", ARRAY(Integer)))))
