from datetime import datetime

from sqlalchemy import CheckConstraint, UniqueConstraint, false
from sqlalchemy.orm import Mapped, mapped_column

from app.extensions import Model
from app.tenancy import TenantOwned, owned_reference


class UserInvitation(TenantOwned, Model):
    """Somebody was asked to sign in and has not yet; app/users/invitations.py moves it. Used or
    withdrawn it is gone."""

    __tablename__ = "user_invitation"
    __table_args__ = (
        # Who was removed lets nobody in any more.
        owned_reference("inviter_id", "user"),
        owned_reference("staff_member_id", "staff_member", "SET NULL (staff_member_id)"),
        CheckConstraint("role IN ('tenant_admin', 'staff')", name="role_known"),
        UniqueConstraint("tenant_id", "email"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    email: Mapped[str]
    name: Mapped[str] = mapped_column(default="", server_default="")
    role: Mapped[str]
    # None: the operator.
    inviter_id: Mapped[int | None]
    # Who serves customers already, and is to sign in, too.
    staff_member_id: Mapped[int | None]
    takes_appointments: Mapped[bool] = mapped_column(default=False, server_default=false())
    # SHA-256 of what the link says, which is made as its email is sent; None: none was.
    token_hash: Mapped[str | None] = mapped_column(unique=True)
    created_at: Mapped[datetime]
    expires_at: Mapped[datetime]
