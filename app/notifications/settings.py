"""How a business wants each type of automatic message; what it has not changed is the default."""

from dataclasses import dataclass
from datetime import time
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

from sqlalchemy import select

from app.extensions import db
from app.lib.memo import memoized
from app.models import Customer, NotificationSetting, Tenant
from app.notifications.limits.quiet_hours import Quiet
from app.notifications.types import TYPES
from app.notifications.types.notification_type import NotificationType
from app.prepared import Prepared
from app.tenancy import current_tenant_id


@dataclass(frozen=True)
class Wanted:
    """The settings of one type."""

    type: NotificationType
    enabled: bool
    channel: str
    falls_back: bool
    options: dict[str, Any]


class _Stored(NamedTuple):
    """As the columns of NotificationSetting."""

    type: str
    enabled: bool
    channel: str
    falls_back: bool
    options: dict[str, Any]


_STORED = Prepared(
    _Stored, select(*(getattr(NotificationSetting, name) for name in _Stored._fields))
)


@dataclass(frozen=True)
class Policy:
    """All that a business says about its automatic messages, but for their texts."""

    tenant: Tenant
    types: dict[str, Wanted]
    quiet_from: time | None
    """Both or neither; by the clock where the customer lives."""
    quiet_until: time | None
    reply_cancels: bool


def policy() -> Policy:
    """Of the tenant in scope, as it is now."""
    tenant = db.session.get_one(Tenant, current_tenant_id())
    return Policy(tenant, wanted(), tenant.quiet_from, tenant.quiet_until, tenant.reply_cancels)


def quiet_hours(tenant: Tenant, customer: Customer, rules: Policy | None = None) -> Quiet | None:
    """When the customer is left in peace, by the clock where they live; the tenant's own quiet
    hours, unless other rules are given."""
    hours = rules or tenant
    if hours.quiet_from is None or hours.quiet_until is None:
        return None
    zone = ZoneInfo(customer.timezone or tenant.timezone)
    return Quiet(hours.quiet_from, hours.quiet_until, zone)


def wanted() -> dict[str, Wanted]:
    """The settings of the tenant in scope for every type there is, in their order."""
    return memoized("settings", _wanted)


def _wanted() -> dict[str, Wanted]:
    stored = {row.type: row for row in _STORED.all()}
    return {key: _of(type_, stored.get(key)) for key, type_ in TYPES.items()}


def default(type_: NotificationType) -> Wanted:
    """What holds until a business says otherwise."""
    options = {option.key: option.default for option in type_.options}
    return Wanted(type_, type_.enabled, "sms", True, options)


def _of(type_: NotificationType, row: _Stored | None) -> Wanted:
    usual = default(type_)
    if row is None:
        return usual
    # An option that is newer than the row has its default.
    return Wanted(type_, row.enabled, row.channel, row.falls_back, usual.options | row.options)


def rows() -> list[NotificationSetting]:
    """The defaults as rows of a new tenant."""
    return [
        NotificationSetting(
            type=key,
            enabled=usual.enabled,
            channel=usual.channel,
            falls_back=usual.falls_back,
            options=usual.options,
        )
        for key, usual in ((key, default(type_)) for key, type_ in TYPES.items())
    ]
