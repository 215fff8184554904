from sqlalchemy import BigInteger, ForeignKey, Identity, Index
from sqlalchemy.orm import Mapped, mapped_column

from app.extensions import Model
from app.tenancy import TenantOwned, owned_reference


class RecoveryCode(TenantOwned, Model):
    """What lets somebody in once in the place of a code of their authenticator app; whoever uses it
    deletes it (app/users/recovery_codes.py)."""

    __tablename__ = "recovery_code"
    __table_args__ = (
        owned_reference("user_id", "user"),
        Index("ix_recovery_code_user", "user_id", "code_hash"),
    )

    id: Mapped[int] = mapped_column(BigInteger, Identity(), primary_key=True)
    tenant_id: Mapped[int | None] = mapped_column(  # type: ignore[assignment]
        ForeignKey("tenant.id", ondelete="CASCADE")
    )
    # By itself too: an operator has no tenant, and the key of both holds for nobody's rows.
    user_id: Mapped[int] = mapped_column(ForeignKey("user.id", ondelete="CASCADE"))
    # SHA-256: it was told once, and has 80 random bits.
    code_hash: Mapped[str]
