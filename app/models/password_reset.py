from datetime import datetime

from sqlalchemy import BigInteger, ForeignKey, Identity, Index
from sqlalchemy.orm import Mapped, mapped_column

from app.extensions import Model
from app.tenancy import TenantOwned, owned_reference


class PasswordReset(TenantOwned, Model):
    """A link by which somebody may set a new password; app/users/password_resets.py takes it."""

    __tablename__ = "password_reset"
    __table_args__ = (
        owned_reference("user_id", "user"),
        Index("ix_password_reset_user", "user_id"),
    )

    id: Mapped[int] = mapped_column(BigInteger, Identity(), primary_key=True)
    tenant_id: Mapped[int | None] = mapped_column(  # type: ignore[assignment]
        ForeignKey("tenant.id", ondelete="CASCADE")
    )
    # By itself too: an operator has no tenant, and the key of both holds for nobody's rows.
    user_id: Mapped[int] = mapped_column(ForeignKey("user.id", ondelete="CASCADE"))
    # Where it was sent: another address of theirs since makes it void.
    email: Mapped[str]
    # SHA-256 of what the link says: whoever reads this table cannot use it.
    token_hash: Mapped[str] = mapped_column(unique=True)
    expires_at: Mapped[datetime]
