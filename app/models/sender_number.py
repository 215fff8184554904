from datetime import datetime
from enum import StrEnum

from sqlalchemy import CheckConstraint, Index, UniqueConstraint, func, text
from sqlalchemy.orm import Mapped, mapped_column

from app.extensions import Model
from app.tenancy import TenantOwned

# Stands for the platform's account, whatever its SID is.
OURS = ""


class NumberState(StrEnum):
    CHECKING = "checking"
    """Twilio is asked whether it is in the business's account."""
    HELD = "held"
    """Granted, or proved: the business writes from it."""
    ABSENT = "absent"
    """Twilio says that the account has no such number."""
    CONTESTED = "contested"
    """It is in the account, but another business holds it; that one's account is asked."""
    WITHDRAWN = "withdrawn"
    """Taken back by the operator."""


class SenderNumber(TenantOwned, Model):
    """A business's right to a number on a channel, or to an RCS sender and the Messaging Service
    that it is in, within one Twilio account.

    The number that it writes from stands with the tenant; it stands there only as long as there
    is such a row, held, for the account that the business uses (app/numbers/rights.py).
    """

    __tablename__ = "sender_number"
    __table_args__ = (
        UniqueConstraint("tenant_id", "channel", "number", "account_sid"),
        CheckConstraint("channel IN ('sms', 'whatsapp', 'rcs')", name="channel_known"),
        CheckConstraint(
            "state IN ('checking', 'held', 'absent', 'contested', 'withdrawn')", name="state_known"
        ),
        # Nobody writes from another's number, and it is known whose an answer is.
        Index(
            "uq_sender_number_held",
            "channel",
            "number",
            unique=True,
            postgresql_where=text("state = 'held'"),
        ),
        # What goes by a service is answered there.
        Index(
            "uq_sender_number_service_held",
            "service_sid",
            unique=True,
            postgresql_where=text("state = 'held' AND service_sid IS NOT NULL"),
        ),
        CheckConstraint("(channel = 'rcs') = (service_sid IS NOT NULL)", name="service_of_rcs"),
        Index(
            "ix_sender_number_to_ask", "ask_after", postgresql_where=text("ask_after IS NOT NULL")
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    channel: Mapped[str]
    # Of RCS the sender's id.
    number: Mapped[str]
    service_sid: Mapped[str | None]
    # Empty: ours, by the operator's grant. Else the business's own, by Twilio's word.
    account_sid: Mapped[str] = mapped_column(default=OURS, server_default="")
    state: Mapped[str]
    # What Twilio said against it, in a sentence; empty: nothing.
    reason: Mapped[str] = mapped_column(default="", server_default="")
    since: Mapped[datetime] = mapped_column(server_default=func.now())
    # When Twilio is asked (again); null: it is not.
    ask_after: Mapped[datetime | None]
