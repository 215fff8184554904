from datetime import datetime

from sqlalchemy import (
    ARRAY,
    BigInteger,
    CheckConstraint,
    ForeignKey,
    Identity,
    Index,
    Text,
    func,
    text,
)
from sqlalchemy.orm import Mapped, mapped_column

from app.extensions import Model
from app.tenancy import TenantOwned, owned_reference

# What stands for the platform's Twilio account, whatever its SID is: the link in an email and staff
# count for it, too.
PLATFORM = ""


class ConsentEvent(TenantOwned, Model):
    """The ledger: who said when, and by which message, that they do or do not want messages.

    Rows are only ever added. They name the address and not the customer, so that deleting a
    customer and meeting them again does not forget what they said.
    """

    __tablename__ = "consent_event"
    __table_args__ = (
        owned_reference("message_id", "message", ondelete="SET NULL (message_id)"),
        CheckConstraint("said IN ('stop', 'start')", name="said_known"),
        CheckConstraint(
            "source IN ('keyword', 'carrier', 'staff', 'link', 'complaint', 'chat', 'import',"
            " 'merge')",
            name="source_known",
        ),
        Index("ix_consent_event_address", "tenant_id", "channel", "address", "id"),
        # A thread tells what each of its messages did.
        Index(
            "ix_consent_event_message",
            "tenant_id",
            "message_id",
            postgresql_where=text("message_id IS NOT NULL"),
        ),
    )

    id: Mapped[int] = mapped_column(BigInteger, Identity(), primary_key=True)
    channel: Mapped[str]
    address: Mapped[str]
    said: Mapped[str]
    source: Mapped[str]
    message_id: Mapped[int | None] = mapped_column(BigInteger)
    # The Twilio account of the message that proves it; empty: none, as for the link in an email.
    account_sid: Mapped[str] = mapped_column(default="", server_default="")
    # When it became known here.
    at: Mapped[datetime] = mapped_column(server_default=func.now())
    # Of what a file tells: when they said it, where it says so, and by what that is known.
    given_at: Mapped[datetime | None]
    evidence: Mapped[str] = mapped_column(default="", server_default="")


class OptOut(TenantOwned, Model):
    """Nothing may be sent to this address: what the ledger comes to, one row to look up.

    A number has a row for each form under which its line is known (app/lib/telephone/phone.py).
    """

    __tablename__ = "opt_out"

    tenant_id: Mapped[int] = mapped_column(
        ForeignKey("tenant.id", ondelete="CASCADE"), primary_key=True
    )
    channel: Mapped[str] = mapped_column(primary_key=True)
    address: Mapped[str] = mapped_column(primary_key=True)
    since: Mapped[datetime]
    # The Twilio accounts under which they said so and have not taken it back; each is ended by
    # what comes in under itself alone. None at all: nobody knows which it was, and any ends it.
    accounts: Mapped[list[str]] = mapped_column(
        ARRAY(Text), default=lambda: [PLATFORM], server_default='{""}'
    )
