from datetime import datetime

from sqlalchemy import BigInteger, Identity, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from app.extensions import Model
from app.tenancy import TenantOwned, owned_reference


class AwayMessage(TenantOwned, Model):
    """That a conversation was told, in this closed period, that the business is closed."""

    __tablename__ = "away_message"
    __table_args__ = (
        owned_reference("conversation_id", "conversation"),
        # Once for each closed period, whoever answers, and however often.
        UniqueConstraint(
            "tenant_id", "conversation_id", "closed_since", postgresql_nulls_not_distinct=True
        ),
    )

    id: Mapped[int] = mapped_column(BigInteger, Identity(), primary_key=True)
    conversation_id: Mapped[int]
    # When the closed period began; NULL: it has not been open for as long as is looked back.
    closed_since: Mapped[datetime | None]
    at: Mapped[datetime]
