from datetime import datetime
from uuid import UUID

from sqlalchemy import ARRAY, BigInteger, ForeignKey, Identity, Index, LargeBinary, Text
from sqlalchemy.orm import Mapped, mapped_column

from app.extensions import Model
from app.tenancy import TenantOwned, owned_reference


class Passkey(TenantOwned, Model):
    """A key pair of somebody's device or password manager, of which this is the public half
    (WebAuthn: a credential; app/users/passkeys.py)."""

    __tablename__ = "passkey"
    __table_args__ = (
        owned_reference("user_id", "user"),
        Index("ix_passkey_user", "user_id"),
    )

    id: Mapped[int] = mapped_column(BigInteger, Identity(), primary_key=True)
    tenant_id: Mapped[int | None] = mapped_column(  # type: ignore[assignment]
        ForeignKey("tenant.id", ondelete="CASCADE")
    )
    # By itself too: an operator has no tenant, and the key of both holds for nobody's rows.
    user_id: Mapped[int] = mapped_column(ForeignKey("user.id", ondelete="CASCADE"))
    # As whom their devices know them: random, and the same for all passkeys of theirs.
    user_handle: Mapped[UUID]
    # What it is known by: random, of 16 to 1023 bytes (WebAuthn, 4).
    credential_id: Mapped[bytes] = mapped_column(LargeBinary, unique=True)
    # As COSE has it (RFC 9052).
    public_key: Mapped[bytes] = mapped_column(LargeBinary)
    # How often it has signed by its own count; 0 for ever where it counts nothing.
    sign_count: Mapped[int] = mapped_column(BigInteger)
    # How a browser reaches it: internal, hybrid, usb, nfc, ble.
    transports: Mapped[list[str]] = mapped_column(ARRAY(Text))
    name: Mapped[str]
    created_at: Mapped[datetime]
    used_at: Mapped[datetime | None]
