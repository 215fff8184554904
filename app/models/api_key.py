from datetime import datetime

from sqlalchemy import ARRAY, BigInteger, Identity, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from app.extensions import Model
from app.tenancy import TenantOwned


class ApiKey(TenantOwned, Model):
    """By which a business's own program uses the API (app/api_keys)."""

    __tablename__ = "api_key"
    __table_args__ = (UniqueConstraint("tenant_id", "secret_hash"),)

    id: Mapped[int] = mapped_column(BigInteger, Identity(), primary_key=True)
    name: Mapped[str]
    # How it begins, by which people know it; and SHA-256 of the whole, by which it is found.
    prefix: Mapped[str]
    secret_hash: Mapped[str]
    # What it may (app/api_keys/scopes.py).
    scopes: Mapped[list[str]] = mapped_column(ARRAY(Text))
    created_at: Mapped[datetime]
    expires_at: Mapped[datetime | None]
    # To the hour.
    last_used_at: Mapped[datetime | None]
    revoked_at: Mapped[datetime | None]

    def __str__(self) -> str:
        return self.name
