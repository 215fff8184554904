from datetime import datetime

from sqlalchemy import BigInteger, Identity, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from app.extensions import Model
from app.tenancy import TenantOwned, owned_reference


class EmailAutoAnswer(TenantOwned, Model):
    """An email of ours by which nobody but a program answered one that came in: what ends loops
    counts these."""

    __tablename__ = "email_auto_answer"
    __table_args__ = (
        owned_reference("message_id", "message"),
        owned_reference("answered_id", "message"),
        UniqueConstraint("tenant_id", "message_id"),
        Index("ix_email_auto_answer_answered", "tenant_id", "answered_id"),
        Index("ix_email_auto_answer_domain", "tenant_id", "domain", "at"),
    )

    id: Mapped[int] = mapped_column(BigInteger, Identity(), primary_key=True)
    # Ours, and the one that it answers.
    message_id: Mapped[int] = mapped_column(BigInteger)
    answered_id: Mapped[int] = mapped_column(BigInteger)
    # Where it went, and what stands there behind the @.
    address: Mapped[str]
    domain: Mapped[str]
    at: Mapped[datetime]
