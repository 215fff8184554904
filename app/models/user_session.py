from datetime import datetime

from sqlalchemy import BigInteger, ForeignKey, Identity, Index, text
from sqlalchemy.orm import Mapped, mapped_column

from app.extensions import Model
from app.tenancy import TenantOwned, owned_reference


class UserSession(TenantOwned, Model):
    """That somebody signed in with a browser; app/users/sessions.py says how long it holds."""

    __tablename__ = "user_session"
    __table_args__ = (
        owned_reference("user_id", "user"),
        Index("ix_user_session_open", "user_id", postgresql_where=text("ended_at IS NULL")),
    )

    id: Mapped[int] = mapped_column(BigInteger, Identity(), primary_key=True)
    tenant_id: Mapped[int | None] = mapped_column(  # type: ignore[assignment]
        ForeignKey("tenant.id", ondelete="CASCADE")
    )
    # By itself too: an operator has no tenant, and the key of both holds for nobody's rows.
    user_id: Mapped[int] = mapped_column(ForeignKey("user.id", ondelete="CASCADE"))
    # SHA-256 of what the browser's cookie says: whoever reads this table cannot sign in by it.
    key_hash: Mapped[str] = mapped_column(unique=True)
    browser: Mapped[str]
    # From where it began; NULL: it is older than this column.
    address: Mapped[str | None]
    created_at: Mapped[datetime]
    last_seen_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]
