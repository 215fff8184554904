"""The filters of a segment: a filter is a row of FILTERS, and a condition on a customer's row."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, exists, func, or_

from app.models import Appointment, ContactPoint, Conversation, ConversationLabel, Customer
from app.models.appointment import AppointmentStatus

# What somebody came to, or is to come to.
KEPT = (AppointmentStatus.SCHEDULED, AppointmentStatus.CONFIRMED, AppointmentStatus.COMPLETED)
COMING = (AppointmentStatus.SCHEDULED, AppointmentStatus.CONFIRMED)
Condition = ColumnElement[bool]


@dataclass(frozen=True)
class Filter:
    key: str
    label: str
    kind: str
    """What it asks for: days, service, label, language, channel or coming."""
    sentence: str
    """With {} in the place of that."""
    holds: Callable[[Any, datetime], Condition]
    """Of the customer's row, for what it asks for, at a time."""


def _days(days: int, now: datetime) -> datetime:
    return now - timedelta(days=days)


def _visits(*which: Condition) -> Condition:
    return exists().where(
        Appointment.tenant_id == Customer.tenant_id,
        Appointment.customer_id == Customer.id,
        Appointment.status.in_(KEPT),
        *which,
    )


def _visited_within(days: int, now: datetime) -> Condition:
    return _visits(Appointment.starts_at <= now, Appointment.starts_at > _days(days, now))


def _not_since(days: int, now: datetime) -> Condition:
    return _visits(Appointment.starts_at <= _days(days, now)) & ~_visited_within(days, now)


def _had(service_id: int, now: datetime) -> Condition:
    return _visits(Appointment.starts_at <= now, Appointment.service_id == service_id)


def _coming(answer: str, now: datetime) -> Condition:
    next_one = _visits(Appointment.starts_at > now, Appointment.status.in_(COMING))
    return next_one if answer == "yes" else ~next_one


def _labelled(label_id: int, _now: datetime) -> Condition:
    return exists().where(
        ConversationLabel.tenant_id == Customer.tenant_id,
        ConversationLabel.customer_id == Customer.id,
        ConversationLabel.label_id == label_id,
    )


def _speaks(language: str, _now: datetime) -> Condition:
    theirs = func.lower(Customer.language)
    return or_(theirs == language, theirs.startswith(f"{language}-"))


def _reached(channel: str, _now: datetime) -> Condition:
    return exists().where(
        ContactPoint.tenant_id == Customer.tenant_id,
        ContactPoint.customer_id == Customer.id,
        ContactPoint.channel == channel,
        ContactPoint.invalid_since.is_(None),
    )


def _talked(*which: Condition) -> Condition:
    talk = Conversation.customer_id == Customer.id, Conversation.tenant_id == Customer.tenant_id
    return exists().where(*talk, *which)


def _heard_within(days: int, now: datetime) -> Condition:
    return _talked(Conversation.last_message_at > _days(days, now))


def _silent_since(days: int, now: datetime) -> Condition:
    return ~_heard_within(days, now)


FILTERS = {
    each.key: each
    for each in (
        Filter("visited", "Was here within", "days", "were here within {} days", _visited_within),
        Filter("away", "Was here, but not for", "days", "were not here for {} days", _not_since),
        Filter("service", "Had the service", "service", "had {}", _had),
        Filter("coming", "Next appointment", "coming", "{} next appointment", _coming),
        Filter("label", "Has the label", "label", "have the label {}", _labelled),
        Filter("language", "Speaks", "language", "speak {}", _speaks),
        Filter("channel", "Reached by", "channel", "are reached by {}", _reached),
        Filter("heard", "Last contact within", "days", "had contact within {} days", _heard_within),
        Filter("silent", "No contact for", "days", "had no contact for {} days", _silent_since),
    )
}


def conditions(filters: dict[str, Any], now: datetime) -> list[Condition]:
    """Of whom they hold. Somebody who was merged into another is nobody."""
    holding = [FILTERS[key].holds(value, now) for key, value in filters.items() if key in FILTERS]
    return [Customer.merged_into_id.is_(None), *holding]
