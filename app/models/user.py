from datetime import datetime
from enum import StrEnum

from flask_security import UserMixin
from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    ForeignKey,
    Index,
    UniqueConstraint,
    false,
    func,
    text,
    true,
)
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.extensions import Model
from app.models.tenant import Tenant
from app.tenancy import TenantOwned


class Role(StrEnum):
    PLATFORM_ADMIN = "platform_admin"
    TENANT_ADMIN = "tenant_admin"
    STAFF = "staff"


class Sees(StrEnum):
    """Which conversations of the business somebody of staff sees."""

    ALL = "all"
    OWN_AND_UNASSIGNED = "own_and_unassigned"
    OWN = "own"


class User(TenantOwned, Model, UserMixin):
    """Somebody who signs in. Everybody but a platform admin belongs to one tenant."""

    __tablename__ = "user"
    __table_args__ = (
        CheckConstraint(
            "(role = 'platform_admin') = (tenant_id IS NULL)", name="only_admins_have_no_tenant"
        ),
        CheckConstraint("role IN ('platform_admin', 'tenant_admin', 'staff')", name="role_known"),
        # By its domain the sign-in page finds a business's OpenID provider (app/users/sso).
        Index("ix_user_email_domain", text("split_part(email, '@', 2)")),
        CheckConstraint("sees IN ('all', 'own_and_unassigned', 'own')", name="sees_known"),
        # What foreign keys of the tenants' tables point at.
        UniqueConstraint("tenant_id", "id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    tenant_id: Mapped[int | None] = mapped_column(  # type: ignore[assignment]
        ForeignKey("tenant.id", ondelete="CASCADE")
    )
    # Unique across tenants: sign-in asks for an email and no business (docs/adr).
    email: Mapped[str] = mapped_column(unique=True)
    name: Mapped[str] = mapped_column(default="")
    password: Mapped[str]
    role: Mapped[str]
    active: Mapped[bool] = mapped_column(default=True)
    # What an admin lets them do, as staff; admins may do it all (app/inbox/team/staff_rights.py).
    may_export: Mapped[bool] = mapped_column(default=False, server_default=false())
    may_delete: Mapped[bool] = mapped_column(default=False, server_default=false())
    sees: Mapped[str] = mapped_column(default=Sees.ALL, server_default=Sees.ALL)
    # What tells them that a customer wrote (admin_views/alerts.py).
    alert_sound: Mapped[bool] = mapped_column(default=False, server_default=false())
    alert_notify: Mapped[bool] = mapped_column(default=False, server_default=false())
    # When they were last given a conversation in turn (app/inbox/team/assign_in_turn.py).
    turn_at: Mapped[datetime | None]
    # Whether a text is sent by Ctrl+Enter, and Enter begins a line.
    ctrl_enter_sends: Mapped[bool] = mapped_column(default=False, server_default=false())
    # Flask-Security's session key: a new one ends every session of the user.
    fs_uniquifier: Mapped[str] = mapped_column(unique=True)
    # The key of their authenticator app, and the time step of the last code that was taken, so that
    # none counts twice (RFC 6238); since when a password alone lets them in no more.
    totp_sealed: Mapped[str | None]
    totp_step: Mapped[int | None] = mapped_column(BigInteger)
    second_factor_since: Mapped[datetime | None]
    # Whether single letters are keyboard shortcuts for them.
    hotkeys: Mapped[bool] = mapped_column(default=True, server_default=true())
    created_at: Mapped[datetime] = mapped_column(server_default=func.now())

    tenant: Mapped[Tenant | None] = relationship()

    # Flask-Security would keep roles in a table; ours is one column.
    roles = ()  # type: ignore[assignment]

    def __str__(self) -> str:
        return self.name or self.email
