from datetime import datetime
from enum import StrEnum
from typing import Protocol

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    ColumnElement,
    Index,
    UniqueConstraint,
    and_,
    false,
    or_,
    text,
)
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.extensions import Model
from app.models.call import Call
from app.models.customer import Customer
from app.models.reply import Reply
from app.models.user import User
from app.tenancy import TenantOwned, owned_reference

# Stands for the direction where the last was a call that nobody took; "call": somebody did.
MISSED_CALL = "missed_call"
# Where nobody has said anything yet: what went out by itself.
AUTOMATIC = "automatic"
# The conditions of indexes, as closed() and its like write them.
NOT_CLOSED = "closed_at IS NULL OR waiting_since IS NOT NULL"


class ConversationState(StrEnum):
    """What staff have done with it. What the customer writes overrules it: it is open again."""

    OPEN = "open"
    SNOOZED = "snoozed"
    CLOSED = "closed"


class Life(Protocol):
    """What tells the state of a conversation: its row, or a row of the list."""

    @property
    def closed_at(self) -> datetime | None: ...
    @property
    def snoozed_until(self) -> datetime | None: ...
    @property
    def waiting_since(self) -> datetime | None: ...
    @property
    def waited_since(self) -> datetime | None: ...


def state_of(row: Life, now: datetime) -> ConversationState:
    if row.waiting_since is None and row.closed_at:
        return ConversationState.CLOSED
    if row.waiting_since is None and row.snoozed_until and row.snoozed_until > now:
        return ConversationState.SNOOZED
    return ConversationState.OPEN


def waits_since(row: Life) -> datetime | None:
    """Since when the customer waits for a person, also while it is snoozed."""
    both = [each for each in (row.waiting_since, row.waited_since) if each]
    return min(both, default=None)


def _tab(name: str, which: str, *by: str) -> Index:
    columns = ("tenant_id", *by, "last_message_at", "id")
    return Index(f"ix_conversation_{name}", *columns, postgresql_where=text(which))


class Conversation(TenantOwned, Model):
    """All that was said with one customer; carries what the inbox shows of it."""

    __tablename__ = "conversation"
    __table_args__ = (
        owned_reference("customer_id", "customer"),
        owned_reference("open_reply_id", "reply", ondelete="SET NULL (open_reply_id)"),
        owned_reference("last_call_id", "call", ondelete="SET NULL (last_call_id)"),
        owned_reference("assignee_id", "user", ondelete="SET NULL (assignee_id)"),
        owned_reference("last_author_id", "user", ondelete="SET NULL (last_author_id)"),
        CheckConstraint("closed_at IS NULL OR snoozed_until IS NULL", name="closed_or_snoozed"),
        UniqueConstraint("tenant_id", "customer_id"),
        Index("ix_conversation_inbox", "tenant_id", "last_message_at", "id"),
        Index(
            "ix_conversation_open_reply",
            "tenant_id",
            "open_reply_id",
            postgresql_where=text("open_reply_id IS NOT NULL"),
        ),
        # For the foreign key: a deleted call is looked for here.
        Index(
            "ix_conversation_last_call",
            "tenant_id",
            "last_call_id",
            postgresql_where=text("last_call_id IS NOT NULL"),
        ),
        # The tabs of the inbox.
        _tab("open", NOT_CLOSED),
        _tab("closed", "closed_at IS NOT NULL AND waiting_since IS NULL"),
        _tab("waiting", "waiting_since IS NOT NULL"),
        _tab("snoozed", "snoozed_until IS NOT NULL"),
        _tab("assigned", f"assignee_id IS NOT NULL AND ({NOT_CLOSED})", "assignee_id"),
        _tab("failed", "failed"),
        # For the foreign key: a deleted user is looked for here.
        Index(
            "ix_conversation_last_author",
            "tenant_id",
            "last_author_id",
            postgresql_where=text("last_author_id IS NOT NULL"),
        ),
        # What wakes next, of all tenants.
        Index(
            "ix_conversation_wakes",
            "snoozed_until",
            postgresql_where=text("snoozed_until IS NOT NULL"),
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    customer_id: Mapped[int]
    # The last that a person said, either way: what goes out by itself moves no conversation.
    last_message_at: Mapped[datetime]
    last_message_id: Mapped[int] = mapped_column(BigInteger)
    last_channel: Mapped[str]
    last_direction: Mapped[str]
    # Who of the business wrote it, where it went out.
    last_author_id: Mapped[int | None]
    preview: Mapped[str]
    unread_count: Mapped[int] = mapped_column(default=0)
    # When the customer last wrote by WhatsApp: its session window opens there.
    whatsapp_inbound_at: Mapped[datetime | None]

    # Their last call that nobody took, until staff have seen it and it is no longer the last.
    last_call_id: Mapped[int | None]

    # The answer to a reminder that waits for a person.
    open_reply_id: Mapped[int | None] = mapped_column(BigInteger)
    # The message in which they may ask for no more messages: what would go to them by itself waits
    # until a person has decided.
    stop_asked_id: Mapped[int | None] = mapped_column(BigInteger)

    # A message to them did not arrive, and nobody has dealt with it: a trigger keeps it as
    # Message.not_arrived() says (migration 0055).
    failed: Mapped[bool] = mapped_column(default=False, server_default=false())

    # What has become of it; app/inbox/conversation_transitions.py alone writes these.
    closed_at: Mapped[datetime | None]
    snoozed_until: Mapped[datetime | None]
    # Since when the customer waits for a person: the first that they wrote, or rang in vain, since
    # staff answered or closed it. The statement that stores it writes this and nothing else.
    waiting_since: Mapped[datetime | None]
    # The same, put aside for as long as it is snoozed.
    waited_since: Mapped[datetime | None]

    # Who of the business sees to it.
    assignee_id: Mapped[int | None]

    customer: Mapped[Customer] = relationship(overlaps="open_reply,last_call,assignee,last_author")
    open_reply: Mapped[Reply | None] = relationship(viewonly=True)
    last_call: Mapped[Call | None] = relationship(viewonly=True)
    assignee: Mapped[User | None] = relationship(
        viewonly=True, foreign_keys="Conversation.tenant_id, Conversation.assignee_id"
    )
    last_author: Mapped[User | None] = relationship(
        viewonly=True, foreign_keys="Conversation.tenant_id, Conversation.last_author_id"
    )

    @classmethod
    def closed(cls) -> ColumnElement[bool]:
        """The condition that it is closed, and that the customer has not written since."""
        return and_(cls.closed_at.is_not(None), cls.waiting_since.is_(None))

    @classmethod
    def not_closed(cls) -> ColumnElement[bool]:
        return or_(cls.closed_at.is_(None), cls.waiting_since.is_not(None))

    @classmethod
    def snoozed(cls, now: datetime) -> ColumnElement[bool]:
        """The condition that it is snoozed, likewise."""
        later = and_(cls.snoozed_until.is_not(None), cls.snoozed_until > now)
        return and_(later, cls.waiting_since.is_(None))

    def state(self, now: datetime) -> ConversationState:
        return state_of(self, now)

    @property
    def waits_since(self) -> datetime | None:
        return waits_since(self)

    @property
    def call_missed(self) -> bool:
        """Whether the last that they did was to call, and nobody took it."""
        return self.last_direction == MISSED_CALL
