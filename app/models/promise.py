from datetime import datetime

from sqlalchemy import BigInteger, CheckConstraint, Identity, Index, text
from sqlalchemy.orm import Mapped, mapped_column

from app.extensions import Model
from app.tenancy import TenantOwned, owned_reference


class Promise(TenantOwned, Model):
    """What staff told a customer that they would do, such as call back, until it is done."""

    __tablename__ = "promise"
    __table_args__ = (
        owned_reference("customer_id", "customer"),
        owned_reference("user_id", "user", ondelete="SET NULL (user_id)"),
        CheckConstraint("char_length(what) BETWEEN 1 AND 200", name="what_short"),
        # A form posted twice is one promise; and a customer's open ones are found here.
        Index(
            "uq_promise_open",
            "tenant_id",
            "customer_id",
            "due_at",
            "what",
            unique=True,
            postgresql_where=text("done_at IS NULL"),
        ),
        # What falls due next, of all tenants.
        Index(
            "ix_promise_due",
            "due_at",
            postgresql_where=text("done_at IS NULL AND reminded_at IS NULL"),
        ),
        # For the foreign keys: a deleted customer or user is looked for here.
        Index("ix_promise_customer", "tenant_id", "customer_id"),
        Index(
            "ix_promise_user",
            "tenant_id",
            "user_id",
            postgresql_where=text("user_id IS NOT NULL"),
        ),
    )

    id: Mapped[int] = mapped_column(BigInteger, Identity(), primary_key=True)
    customer_id: Mapped[int]
    what: Mapped[str]
    due_at: Mapped[datetime]
    # Who promised it, and when.
    user_id: Mapped[int | None]
    made_at: Mapped[datetime]
    # When somebody was told that it is due.
    reminded_at: Mapped[datetime | None]
    done_at: Mapped[datetime | None]
