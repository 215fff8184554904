from __future__ import annotations

import uuid
from datetime import datetime
from enum import StrEnum
from typing import TYPE_CHECKING, Any

from sqlalchemy import (
    BigInteger,
    BindParameter,
    CheckConstraint,
    ColumnElement,
    Enum,
    Identity,
    Index,
    UniqueConstraint,
    and_,
    bindparam,
    column,
    false,
    func,
    text,
)
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.extensions import Model
from app.lib.message_status import MessageStatus
from app.lib.text.cleaning import shows
from app.models.customer import Customer
from app.models.user import User
from app.tenancy import TenantOwned, owned_reference

if TYPE_CHECKING:
    from app.models.media import Media
    from app.models.received_email import ReceivedEmail
    from app.models.reply import Reply
    from app.models.self_test import SelfTest


class Direction(StrEnum):
    INBOUND = "inbound"
    OUTBOUND = "outbound"


status_type = Enum(
    MessageStatus, name="message_status", values_callable=lambda states: [s.value for s in states]
)


# Written out: a plan that is made for any value cannot know that the index of these will do.
_LOST: BindParameter[Any] = bindparam(
    "lost",
    (MessageStatus.FAILED, MessageStatus.UNKNOWN),
    expanding=True,
    literal_execute=True,
    unique=True,
)


class Message(TenantOwned, Model):
    """One message, either way, on any channel. Outbound rows are the outbox as well."""

    __tablename__ = "message"
    __table_args__ = (
        owned_reference("customer_id", "customer"),
        owned_reference("again_of_id", "message", ondelete="SET NULL (again_of_id)"),
        owned_reference("author_id", "user", ondelete="SET NULL (author_id)"),
        CheckConstraint("direction IN ('inbound', 'outbound')", name="direction_known"),
        CheckConstraint(
            "(direction = 'inbound') = (status = 'received')", name="inbound_is_received"
        ),
        CheckConstraint(
            "(content_sid IS NULL) = (content_variables IS NULL)", name="content_whole"
        ),
        # A repeated webhook is one message, for ever.
        UniqueConstraint("tenant_id", "provider_sid"),
        # A form posted twice is one message.
        UniqueConstraint("tenant_id", "client_token"),
        # For the foreign key: a deleted message is looked for here.
        Index(
            "ix_message_again_of",
            "tenant_id",
            "again_of_id",
            postgresql_where=text("again_of_id IS NOT NULL"),
        ),
        # Of all tenants in the order in which they came, for the index of words.
        Index("ix_message_id", "id"),
        Index("ix_message_thread", "tenant_id", "customer_id", "id"),
        # What customers wrote of late, for those who read answers.
        Index("ix_message_heard", "created_at", postgresql_where=text("direction = 'inbound'")),
        Index(
            "ix_message_waiting",
            "tenant_id",
            "recipient",
            postgresql_where=text("status = 'queued'"),
        ),
        Index("ix_message_to_send", "send_after", postgresql_where=text("status = 'queued'")),
        Index(
            "ix_message_too_late",
            "not_after",
            postgresql_where=text("status = 'queued' AND not_after IS NOT NULL"),
        ),
        # What nobody wrote by hand and did not arrive: another channel may do better.
        Index(
            "ix_message_undelivered",
            "not_after",
            postgresql_where=text("status = 'failed' AND not_after IS NOT NULL"),
        ),
        # What failed of late, for those who tell of it.
        Index("ix_message_failed", "send_after", postgresql_where=text("status = 'failed'")),
        # What staff have yet to deal with, by customer.
        Index(
            "ix_message_not_arrived",
            "tenant_id",
            "customer_id",
            "id",
            postgresql_where=text("status IN ('failed', 'unknown') AND NOT dealt_with"),
        ),
        # Each number's line, and within it each tenant's: what staff wrote first.
        Index(
            "ix_message_line",
            "channel",
            "sender",
            "tenant_id",
            text("(author_id IS NULL)"),
            "send_after",
            "id",
            postgresql_where=text("status = 'queued'"),
        ),
        Index(
            "ix_message_leased",
            "lease_until",
            postgresql_where=text("status IN ('sending', 'checking')"),
        ),
        Index(
            "ix_message_to_ask",
            "tenant_id",
            "ask_at",
            postgresql_where=text("status IN ('accepted', 'sent') AND ask_at IS NOT NULL"),
        ),
        # What the carrier lists under one sender, recipient and body is one row of ours: only so
        # can a listing tell what became of it.
        Index(
            "uq_message_in_flight",
            "tenant_id",
            "channel",
            "sender",
            "recipient",
            func.md5(column("body")),
            unique=True,
            postgresql_where=text("status IN ('sending', 'checking')"),
        ),
    )

    id: Mapped[int] = mapped_column(BigInteger, Identity(), primary_key=True)
    # Our own name for it, which the provider hands back in its callbacks.
    public_id: Mapped[uuid.UUID] = mapped_column(
        index=True, server_default=func.gen_random_uuid(), default=uuid.uuid4
    )
    customer_id: Mapped[int]
    channel: Mapped[str]
    direction: Mapped[str]
    status: Mapped[MessageStatus] = mapped_column(status_type)
    body: Mapped[str]
    # Of an email; its HTML only where it is more than the body says.
    subject: Mapped[str | None]
    html: Mapped[str | None]
    # What it takes of its sender's rate limit.
    segments: Mapped[int] = mapped_column(default=1, server_default="1")
    sender: Mapped[str]
    recipient: Mapped[str]
    created_at: Mapped[datetime] = mapped_column(server_default=func.now())
    sent_at: Mapped[datetime | None]
    provider_sid: Mapped[str | None]
    error_code: Mapped[int | None]
    error: Mapped[str | None]
    # Its webhook never reached us: it was found in the carrier's list.
    recovered: Mapped[bool] = mapped_column(default=False, server_default=false())
    # Staff know that it did not arrive: they wrote again since, or have said so.
    dealt_with: Mapped[bool] = mapped_column(default=False, server_default=false())
    author_id: Mapped[int | None]
    client_token: Mapped[str | None]
    # What its conversation was before it, so that it is so again when this is taken back.
    conversation_before: Mapped[dict[str, Any] | None] = mapped_column(JSONB(none_as_null=True))
    # The failed message that this one tries again.
    again_of_id: Mapped[int | None] = mapped_column(BigInteger)
    # The approved template that it was made from, and what fills its gaps; its text is the body.
    content_sid: Mapped[str | None]
    content_variables: Mapped[dict[str, str] | None] = mapped_column(JSONB(none_as_null=True))
    # The channel that it was written for, where that one's window was closed.
    fell_back_from: Mapped[str | None]
    # The outbox: when it may go, and who holds it until when.
    send_after: Mapped[datetime | None]
    # From then on it would only confuse, and is not sent.
    not_after: Mapped[datetime | None]
    attempts: Mapped[int] = mapped_column(default=0, server_default="0")
    attempted_at: Mapped[datetime | None]
    lease_until: Mapped[datetime | None]
    # The Twilio account that the last attempt was made with, or that vouched for what came in: no
    # other is asked about it. Empty: there was none; NULL: from before this was kept.
    account_sid: Mapped[str | None]
    # The Messaging Service that the last attempt was made by; null: by the sender itself.
    service_sid: Mapped[str | None]
    checks: Mapped[int] = mapped_column(default=0, server_default="0")
    claim: Mapped[uuid.UUID | None]
    # The carrier is asked then what became of it, unless a callback tells before; null: no more.
    ask_at: Mapped[datetime | None]

    customer: Mapped[Customer] = relationship(viewonly=True)
    author: Mapped[User | None] = relationship(viewonly=True)
    media: Mapped[list[Media]] = relationship(viewonly=True, order_by="Media.position")
    reply: Mapped[Reply | None] = relationship(viewonly=True, uselist=False)
    received_email: Mapped[ReceivedEmail | None] = relationship(viewonly=True, uselist=False)
    self_test: Mapped[SelfTest | None] = relationship(viewonly=True, uselist=False)

    @classmethod
    def not_arrived(cls) -> ColumnElement[bool]:
        """The condition that it failed, or perhaps did, and that staff have yet to deal with it."""
        return and_(cls.status.in_(_LOST), ~cls.dealt_with)

    @property
    def silent(self) -> bool:
        """Whether nobody sees anything of its text."""
        return not shows(self.body)

    @property
    def inbound(self) -> bool:
        return self.direction == Direction.INBOUND
