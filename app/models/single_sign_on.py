from datetime import datetime
from enum import StrEnum

from sqlalchemy import CheckConstraint, ForeignKey, Text, false, func
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import Mapped, mapped_column

from app.extensions import Model
from app.tenancy import TenantOwned


class SecondFactorBy(StrEnum):
    """Who asks for the second factor of somebody who comes from the provider."""

    US = "us"
    """We do, where they have one or the business requires one."""
    TOLD = "told"
    """Likewise, unless the provider says that it has (amr has «mfa», RFC 8176)."""
    PROVIDER = "provider"
    """Whoever comes from there has proved enough."""


class SingleSignOn(TenantOwned, Model):
    """A business's own OpenID provider; without a row it has none (app/users/sso)."""

    __tablename__ = "single_sign_on"
    __table_args__ = (
        CheckConstraint(
            "second_factor_by IN ('us', 'told', 'provider')", name="second_factor_by_known"
        ),
        CheckConstraint("enabled OR NOT required", name="required_when_enabled"),
        CheckConstraint("NOT makes_staff OR domains <> '{}'", name="makes_staff_of_domains"),
    )

    tenant_id: Mapped[int] = mapped_column(
        ForeignKey("tenant.id", ondelete="CASCADE"), primary_key=True
    )
    issuer: Mapped[str]
    client_id: Mapped[str]
    # NULL: a public client, which PKCE is enough for.
    client_secret_sealed: Mapped[str | None]
    enabled: Mapped[bool] = mapped_column(default=False, server_default=false())
    # Whether passwords of its users let nobody in any more (app/users/sso/password_door.py).
    required: Mapped[bool] = mapped_column(default=False, server_default=false())
    second_factor_by: Mapped[str] = mapped_column(default=SecondFactorBy.US, server_default="us")
    # Whether whoever comes with an email of these domains, and is nobody yet, becomes staff.
    makes_staff: Mapped[bool] = mapped_column(default=False, server_default=false())
    domains: Mapped[list[str]] = mapped_column(ARRAY(Text), default=list, server_default="{}")
    # When somebody last came from there, with what is entered now; NULL: nobody has.
    worked_at: Mapped[datetime | None]
    changed_at: Mapped[datetime] = mapped_column(server_default=func.now())
