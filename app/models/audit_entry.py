from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import BigInteger, Identity, Index, false, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, declared_attr, mapped_column

from app.extensions import Model
from app.tenancy import TenantOwned


class AuditAction(StrEnum):
    """What a person can have done."""

    CREATED = "created"
    CHANGED = "changed"
    DELETED = "deleted"
    MANY = "many"
    """The same with many rows at once, which facts name."""
    ERASED = "erased"
    """Somebody asked that a customer be forgotten (article 17)."""
    EXPORTED = "exported"
    DOWNLOADED = "downloaded"
    IMPORTED = "imported"
    SIGNED_IN = "signed_in"
    SIGN_IN_REFUSED = "sign_in_refused"
    SIGNED_OUT = "signed_out"
    JOINED = "joined"
    """By an invitation."""
    PASSWORD_RESET = "password_reset"  # noqa: S105
    """By the link of somebody who forgot theirs."""
    SESSION_ENDED = "session_ended"
    SECOND_FACTOR_ON = "second_factor_on"
    SECOND_FACTOR_OFF = "second_factor_off"
    """By whose it was, or by an admin for a colleague."""
    CODE_REFUSED = "code_refused"
    """The password was right, and the code was not."""
    APP_REMOVED = "app_removed"
    """The authenticator app of whoever has passkeys."""
    PASSKEY_ADDED = "passkey_added"
    PASSKEY_RENAMED = "passkey_renamed"
    PASSKEY_REMOVED = "passkey_removed"
    PASSKEY_USED = "passkey_used"
    """To sign in, alone or after the password."""
    PASSKEY_REFUSED = "passkey_refused"
    RECOVERY_CODE_USED = "recovery_code_used"
    RECOVERY_CODES_RENEWED = "recovery_codes_renewed"
    IDENTITY_BOUND = "identity_bound"
    """At their first single sign-on: from then on that identity of the provider's is theirs."""
    IDENTITY_UNBOUND = "identity_unbound"
    ENTERED = "entered"
    """The operator began to work in the business, for the reason in facts."""
    LEFT = "left"
    SOUGHT = "sought"
    """The operator looked for a customer of any business, and was shown this one."""


class AuditColumns:
    """One thing that a person did, for ever: PostgreSQL refuses to change it (docs/adr/0030)."""

    id: Mapped[int] = mapped_column(BigInteger, Identity(), primary_key=True)
    at: Mapped[datetime]
    # Who did it, and as they were called then: neither goes with them. None: nobody signed in.
    actor_id: Mapped[int | None]
    actor_name: Mapped[str] = mapped_column(default="", server_default="")
    by_operator: Mapped[bool] = mapped_column(default=False, server_default=false())
    action: Mapped[str]
    # To which row: its table, its id, and as it was called then.
    row_kind: Mapped[str | None]
    row_id: Mapped[int | None] = mapped_column(BigInteger)
    row_name: Mapped[str] = mapped_column(default="", server_default="")

    @declared_attr
    def changes(cls) -> Mapped[dict[str, list[Any]]]:
        """By column [before, after]; [] of one whose value is nobody's business."""
        return mapped_column(JSONB, default=dict, server_default="{}")

    @declared_attr
    def facts(cls) -> Mapped[dict[str, Any]]:
        """What else there is to say of the action: a browser, a reason, a filter, how many."""
        return mapped_column(JSONB, default=dict, server_default="{}")


class AuditEntry(AuditColumns, TenantOwned, Model):
    """What was done in a business, or to it."""

    __tablename__ = "audit_entry"
    __table_args__ = (
        Index("ix_audit_entry_at", "at", "id"),
        Index("ix_audit_entry_newest", "tenant_id", "at", "id"),
        Index(
            "ix_audit_entry_row",
            *("tenant_id", "row_kind", "row_id"),
            postgresql_where=text("row_id IS NOT NULL"),
        ),
        Index(
            "ix_audit_entry_customer",
            *("tenant_id", "customer_id"),
            postgresql_where=text("customer_id IS NOT NULL"),
        ),
    )

    id: Mapped[int] = mapped_column(BigInteger, Identity(), primary_key=True)
    # Whose row it is. Who is deleted takes along what entries say of them.
    customer_id: Mapped[int | None]


class PlatformAuditEntry(AuditColumns, Model):
    """What an operator did that concerns no business."""

    __tablename__ = "platform_audit_entry"
    __table_args__ = (Index("ix_platform_audit_entry_at", "at", "id"),)
