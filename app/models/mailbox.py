import uuid
from datetime import date, datetime

from sqlalchemy import BigInteger, CheckConstraint, Identity, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from app.extensions import Model
from app.lib.time.clock import now
from app.tenancy import TenantOwned


class Mailbox(TenantOwned, Model):
    """The mailbox that a business's emails are read from, by IMAP (app/inbound/mailboxes)."""

    __tablename__ = "mailbox"
    __table_args__ = (
        # One to begin with (docs/adr/0019-mailboxes.md).
        UniqueConstraint("tenant_id"),
        CheckConstraint("port BETWEEN 1 AND 65535", name="port_possible"),
        CheckConstraint("security IN ('tls', 'starttls')", name="security_known"),
        CheckConstraint("auth IN ('password', 'google', 'microsoft')", name="auth_known"),
        Index(None, "due_at"),
    )

    id: Mapped[int] = mapped_column(BigInteger, Identity(), primary_key=True)
    # Whose mails in it are the business's own words.
    address: Mapped[str]
    host: Mapped[str]
    port: Mapped[int]
    security: Mapped[str]
    user_name: Mapped[str]
    folder: Mapped[str] = mapped_column(default="INBOX")
    # How one signs in: by a password, or by access tokens of Google or Microsoft (XOAUTH2).
    auth: Mapped[str]
    password_sealed: Mapped[str | None]
    # The business's own client there; NULL: the operator's.
    client_id: Mapped[str | None]
    client_secret_sealed: Mapped[str | None]
    refresh_token_sealed: Mapped[str | None]
    access_token_sealed: Mapped[str | None]
    access_token_ends_at: Mapped[datetime | None]
    # Up to which mail it was read; and since when, while it is gone through anew as the server has
    # numbered its mails anew.
    uid_validity: Mapped[int] = mapped_column(BigInteger)
    last_uid: Mapped[int] = mapped_column(BigInteger)
    anew_since: Mapped[date | None]
    connected_at: Mapped[datetime] = mapped_column(default=now)
    # When it is read next, and by whom it is being read: a lease as long as due_at is to come.
    due_at: Mapped[datetime] = mapped_column(default=now)
    claim: Mapped[uuid.UUID | None]
    last_ok_at: Mapped[datetime] = mapped_column(default=now)
    failing_since: Mapped[datetime | None]
    # Why (app/providers/imap/imap_errors.py).
    trouble: Mapped[str | None]
    tried_at: Mapped[datetime | None]

    def __str__(self) -> str:
        return self.address
