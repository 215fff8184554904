from datetime import datetime

from sqlalchemy import BigInteger, Identity, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from app.extensions import Model
from app.tenancy import TenantOwned, owned_reference


class ProviderIdentity(TenantOwned, Model):
    """Who a user is at their business's OpenID provider: bound by a verified email at their first
    sign-in, and known by issuer and subject ever after (app/users/sso)."""

    __tablename__ = "provider_identity"
    __table_args__ = (
        owned_reference("user_id", "user"),
        # Of two first sign-ins at once one binds.
        UniqueConstraint("tenant_id", "issuer", "subject"),
        UniqueConstraint("tenant_id", "user_id", "issuer"),
    )

    id: Mapped[int] = mapped_column(BigInteger, Identity(), primary_key=True)
    user_id: Mapped[int]
    issuer: Mapped[str]
    subject: Mapped[str]
    bound_at: Mapped[datetime]
    last_used_at: Mapped[datetime]
