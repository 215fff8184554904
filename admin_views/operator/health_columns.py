"""How the messages of each business go, as columns of the operator's list."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

from flask import g
from markupsafe import Markup

from admin_views.health_words import STATE
from admin_views.labels import CHANNEL
from app.health import business_health
from app.health.business_health import MOST_COUNTED, BusinessHealth
from app.lib.time.clock import local_day, now
from app.models import Tenant

TAG = Markup('<span class="tag tag-{}">{}</span>')
Cell = Callable[[BusinessHealth, Tenant, datetime], str]


def look(tenants: list[Tenant]) -> None:
    """Find out how they go, for the cells of this page."""
    g.business_health = business_health.of([each.id for each in tenants], now())


def _state(health: BusinessHealth, _tenant: Tenant, _now: datetime) -> str:
    return TAG.format(health.state, STATE[health.state]) if health.state else "Not looked at"


def _heard(health: BusinessHealth, tenant: Tenant, now: datetime) -> str:
    if health.heard is None:
        return "Never"
    days = (local_day(now, tenant.timezone) - health.heard).days
    return ("Today", "Yesterday")[max(days, 0)] if days < 2 else f"{days:,} days ago"


def _number(count: int) -> str:
    return f"{count} or more" if count >= MOST_COUNTED else str(count or "")


def _paused(health: BusinessHealth, _tenant: Tenant, _now: datetime) -> str:
    automatic = ["Automatic messages"] if health.automatic_paused else []
    paused = [*automatic, *(CHANNEL.get(each, each) for each in health.paused)]
    return Markup(" ").join(TAG.format("paused", each) for each in paused)


CELLS: dict[str, Cell] = {
    "health": _state,
    "heard": _heard,
    "failed": lambda health, _tenant, _now: _number(health.failed),
    "waiting": lambda health, _tenant, _now: _number(health.waiting),
    "paused": _paused,
}


def cell(_view: Any, _context: Any, tenant: Tenant, name: str) -> str:
    """A column formatter; empty where nobody has looked, as in an export."""
    health = g.get("business_health", {}).get(tenant.id)
    return CELLS[name](health, tenant, now()) if health else ""
