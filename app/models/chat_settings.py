from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Text, false, func
from sqlalchemy.dialects.postgresql import ARRAY, JSONB
from sqlalchemy.orm import Mapped, mapped_column

from app.extensions import Model
from app.tenancy import TenantOwned


class IdentityMode(StrEnum):
    """What becomes of a visitor whom the business's site has not signed in (a JWT)."""

    OFF = "off"
    """Nobody is signed in there."""
    WARN = "warn"
    """They are let in, and counted."""
    ENFORCE = "enforce"
    """They cannot write."""


class ChatSettings(TenantOwned, Model):
    """A business's live chat; without a row it has none (app/webchat)."""

    __tablename__ = "chat_settings"
    __table_args__ = (
        CheckConstraint("colour ~ '^#[0-9a-f]{6}$'", name="colour_form"),
        CheckConstraint("identity_mode IN ('off', 'warn', 'enforce')", name="identity_mode_known"),
        CheckConstraint("side IN ('left', 'right')", name="side_known"),
    )

    tenant_id: Mapped[int] = mapped_column(
        ForeignKey("tenant.id", ondelete="CASCADE"), primary_key=True
    )
    enabled: Mapped[bool] = mapped_column(default=False, server_default=false())
    # The origins (RFC 6454) whose pages may show the panel; with none nobody's may.
    sites: Mapped[list[str]] = mapped_column(ARRAY(Text), default=list, server_default="{}")
    colour: Mapped[str] = mapped_column(default="#0f766e", server_default="#0f766e")
    # At which edge of the window the button is.
    side: Mapped[str] = mapped_column(default="right", server_default="right")
    # By language; of one that is not in it our own words are said.
    greetings: Mapped[dict[str, Any]] = mapped_column(JSONB, default=dict, server_default="{}")
    # Where visitors are led where the chat cannot be opened; empty: nowhere.
    email: Mapped[str] = mapped_column(default="", server_default="")
    phone: Mapped[str] = mapped_column(default="", server_default="")
    # What the business's site signs by, sealed by the vault; the one before holds beside it.
    identity_mode: Mapped[str] = mapped_column(default=IdentityMode.OFF, server_default="off")
    identity_secret_sealed: Mapped[str | None]
    old_identity_secret_sealed: Mapped[str | None]
    changed_at: Mapped[datetime] = mapped_column(server_default=func.now())
