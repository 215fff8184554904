from datetime import datetime

from sqlalchemy import BigInteger, Identity, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from app.extensions import Model
from app.tenancy import TenantOwned, owned_reference


class PushNotice(TenantOwned, Model):
    """Up to which time of a customer's conversation its people's browsers were told, so that none
    is told twice."""

    __tablename__ = "push_notice"
    __table_args__ = (
        owned_reference("customer_id", "customer"),
        UniqueConstraint("tenant_id", "customer_id"),
    )

    id: Mapped[int] = mapped_column(BigInteger, Identity(), primary_key=True)
    customer_id: Mapped[int]
    told_up_to: Mapped[datetime]
