from datetime import datetime

from sqlalchemy import BigInteger, Identity, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from app.extensions import Model
from app.tenancy import TenantOwned, owned_reference


class ApiRequest(TenantOwned, Model):
    """A request that makes something once, however often it comes (app/web/api/once.py)."""

    __tablename__ = "api_request"
    __table_args__ = (
        owned_reference("api_key_id", "api_key"),
        UniqueConstraint("tenant_id", "api_key_id", "name_hash"),
        Index("ix_api_request_at", "at"),
    )

    id: Mapped[int] = mapped_column(BigInteger, Identity(), primary_key=True)
    api_key_id: Mapped[int] = mapped_column(BigInteger)
    # SHA-256 of the Idempotency-Key, which its sender makes up, and of where and what was sent.
    name_hash: Mapped[str]
    body_hash: Mapped[str]
    at: Mapped[datetime]
    # The id of what it made; NULL: that is not known yet.
    made_id: Mapped[int | None] = mapped_column(BigInteger)
