from datetime import datetime
from typing import Any

from sqlalchemy import BigInteger, CheckConstraint, Identity, Index, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from app.extensions import Model
from app.tenancy import TenantOwned


class AutomationRule(TenantOwned, Model):
    """When this happens, and this holds, do that. Its parts are named by their keys
    (app/automation/triggers, conditions, actions), each with its options."""

    __tablename__ = "automation_rule"
    __table_args__ = (
        CheckConstraint("version >= 1", name="version_counts"),
        Index("ix_automation_rule_order", "tenant_id", "position", "id"),
        Index("ix_automation_rule_on", "tenant_id", "trigger", postgresql_where=text("enabled")),
    )

    id: Mapped[int] = mapped_column(BigInteger, Identity(), primary_key=True)
    name: Mapped[str]
    enabled: Mapped[bool] = mapped_column(default=False)
    # The first goes first; equal ones by their id.
    position: Mapped[int] = mapped_column(default=0)
    trigger: Mapped[str]
    trigger_options: Mapped[dict[str, Any]] = mapped_column(JSONB, default=dict)
    # Each {"key": …, "options": {…}}; all conditions have to hold, actions go in their order.
    conditions: Mapped[list[dict[str, Any]]] = mapped_column(JSONB, default=list)
    actions: Mapped[list[dict[str, Any]]] = mapped_column(JSONB, default=list)
    # Whether what other rules did sets it off, too.
    after_rules: Mapped[bool] = mapped_column(default=False)
    # Counts up with each change of what it does; a run says which it was.
    version: Mapped[int] = mapped_column(default=1)
    # Only what happened later sets it off: no rule is let loose on what is past.
    enabled_at: Mapped[datetime | None]
    # Why it turned itself off, in a sentence; empty: a person did, or it is on.
    off_reason: Mapped[str] = mapped_column(default="", server_default="")
    created_at: Mapped[datetime]
    updated_at: Mapped[datetime]
