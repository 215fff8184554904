from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import BigInteger, CheckConstraint, Identity, Index, UniqueConstraint, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.extensions import Model
from app.models.automation_event import AutomationEvent
from app.models.automation_rule import AutomationRule
from app.models.customer import Customer
from app.tenancy import TenantOwned, owned_reference


class RunStatus(StrEnum):
    WAITING = "waiting"
    """For its time; then it is judged again."""
    DONE = "done"
    UNMET = "unmet"
    """A condition did not hold; nothing was done."""
    VOID = "void"
    """What it waited for did not come to pass: somebody answered."""
    HELD_BACK = "held_back"
    """A limit kept it from doing what it should: nothing was done."""
    FAILED = "failed"
    """An action could not be done, so none was."""


class AutomationRun(TenantOwned, Model):
    """A rule looked at an event, once for ever; what it saw and did."""

    __tablename__ = "automation_run"
    __table_args__ = (
        owned_reference("rule_id", "automation_rule", ondelete="SET NULL (rule_id)"),
        owned_reference("event_id", "automation_event"),
        owned_reference("customer_id", "customer"),
        # A rule runs once for an event.
        UniqueConstraint("tenant_id", "event_id", "rule_id"),
        CheckConstraint(
            "status IN ('waiting', 'done', 'unmet', 'void', 'held_back', 'failed')",
            name="status_known",
        ),
        CheckConstraint("(status = 'waiting') = (done_at IS NULL)", name="over_when_done"),
        Index("ix_automation_run_due", "due_at", postgresql_where=text("status = 'waiting'")),
        Index("ix_automation_run_log", "tenant_id", "id"),
        # How often each rule did something lately.
        Index(
            "ix_automation_run_did",
            "tenant_id",
            "done_at",
            postgresql_include=["rule_id"],
            postgresql_where=text("status = 'done'"),
        ),
        Index("ix_automation_run_customer", "tenant_id", "customer_id", "id"),
        Index(
            "ix_automation_run_rule",
            "tenant_id",
            "rule_id",
            "id",
            postgresql_where=text("rule_id IS NOT NULL"),
        ),
    )

    id: Mapped[int] = mapped_column(BigInteger, Identity(), primary_key=True)
    # Null: the rule was deleted since; its name stays.
    rule_id: Mapped[int | None] = mapped_column(BigInteger)
    rule_name: Mapped[str]
    rule_version: Mapped[int]
    event_id: Mapped[int] = mapped_column(BigInteger)
    customer_id: Mapped[int]
    status: Mapped[str]
    # What was seen of the world, by name, as a person reads it.
    facts: Mapped[dict[str, Any]] = mapped_column(JSONB, default=dict)
    # What each action did, in their order, a sentence each.
    done: Mapped[list[str]] = mapped_column(JSONB, default=list)
    # Which condition did not hold, or what kept it from being done; empty: nothing.
    reason: Mapped[str] = mapped_column(default="", server_default="")
    due_at: Mapped[datetime]
    created_at: Mapped[datetime]
    done_at: Mapped[datetime | None]

    event: Mapped[AutomationEvent] = relationship(viewonly=True)
    rule: Mapped[AutomationRule | None] = relationship(viewonly=True)
    customer: Mapped[Customer] = relationship(viewonly=True)
