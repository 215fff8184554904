"""Customers' times with the business. What is done to them here has all that it has when staff do
it: confirmations, reminders, rules, the live calendar."""

from typing import Any, cast

from marshmallow import Schema, fields, validate
from sqlalchemy.exc import IntegrityError

from app.appointments import commands
from app.appointments.booking_warnings import one_at_a_time
from app.appointments.commands import Changes, NotConfirmed, Refused
from app.appointments.usual_length import MINUTES, usual_minutes
from app.customers.reached_through import LONGEST_NAME
from app.extensions import db
from app.lib.time.clock import now
from app.models import Appointment, Customer, Service, StaffMember
from app.models.appointment import AppointmentStatus
from app.web.api.fields import INSTANT, Filter, Id, Instant, instant_of, names
from app.web.api.resource import Change, New, Resource, Said, refused
from app.web.guards.problem import Problem

STATES = [each.value for each in AppointmentStatus]
# What is not of the appointment itself.
ASIDE = {"announce", "notify", "accept_conflicts"}
ACCEPTS = (
    "Whether it may be in the past, out of working hours, or on top of another of its staff"
    " member's; else 409."
)
MEANT = (
    "It is in the past, out of working hours, or on top of another appointment. Send"
    " accept_conflicts if that is meant."
)
FOREIGN = {"customer_id": Customer, "service_id": Service, "staff_member_id": StaffMember}


class AppointmentShown(Schema):
    id = Id(required=True)
    customer_id = Id(required=True)
    attendee_id = Id(
        required=True, allow_none=True, metadata={"description": "The customer who comes instead."}
    )
    attendee_name = fields.String(
        required=True, metadata={"description": "Who comes, where that is somebody else."}
    )
    service_id = Id(required=True, allow_none=True)
    staff_member_id = Id(required=True, allow_none=True)
    starts_at = Instant(required=True)
    ends_at = Instant(required=True)
    duration_minutes = fields.Integer(required=True)
    status = fields.String(required=True, validate=validate.OneOf(STATES))
    notes = fields.String(required=True)
    external_id = fields.String(required=True, allow_none=True)
    created_at = Instant(required=True)


class AppointmentChanges(Schema):
    service_id = Id(allow_none=True)
    staff_member_id = Id(allow_none=True)
    starts_at = Instant()
    duration_minutes = fields.Integer(strict=True, validate=validate.Range(1, 1440))
    status = fields.String(validate=validate.OneOf(STATES))
    notes = fields.String(validate=validate.Length(max=5_000))
    external_id = fields.String(allow_none=True, validate=validate.Length(min=1, max=100))
    notify = fields.Boolean(
        metadata={"description": "Whether the customer is told of another time or its end."}
    )
    accept_conflicts = fields.Boolean(metadata={"description": ACCEPTS})


class AppointmentNew(Schema):
    customer_id = Id(required=True)
    starts_at = Instant(required=True)
    service_id = Id(allow_none=True)
    staff_member_id = Id(allow_none=True)
    duration_minutes = fields.Integer(
        strict=True,
        validate=validate.Range(1, 1440),
        metadata={"description": f"Else the service’s, or {MINUTES}."},
    )
    attendee_name = fields.String(validate=validate.Length(max=LONGEST_NAME))
    notes = fields.String(validate=validate.Length(max=5_000))
    external_id = fields.String(allow_none=True, validate=validate.Length(min=1, max=100))
    announce = fields.Boolean(
        metadata={"description": "Whether a booking confirmation goes out; as a rule it does."}
    )
    accept_conflicts = fields.Boolean(metadata={"description": ACCEPTS})


def make(said: Said, name: str | None) -> Appointment:
    details = _details(said)
    details.setdefault("duration_minutes", usual_minutes(said.get("service_id")))
    if name:
        details["client_token"] = name
    announce, answered = said.get("announce", True), _answered(said)
    return _done(lambda at: commands.book(at, announce=announce, answered=answered, **details))


def change(appointment: Appointment, said: Said) -> None:
    details = _details(said)
    tell = bool(said.get("notify", False))
    answered = _answered(said)
    _done(lambda at: commands.change(appointment.id, at, tell=tell, answered=answered, **details))


def _answered(said: Said) -> commands.Answered:
    """Of what a person would be asked about; None: all of it is meant."""
    return None if said.get("accept_conflicts") else frozenset()


def _details(said: Said) -> Changes:
    for name, model in FOREIGN.items():
        if said.get(name) is not None and db.session.get(model, said[name]) is None:
            raise refused(name, "There is no such row.")
    return cast(Changes, {name: said[name] for name in said if name not in ASIDE})


def _done(command: Any) -> Appointment:
    try:
        made: Appointment = command(now())
        return made
    except NotConfirmed:
        raise Problem(409, MEANT) from None
    except Refused as error:
        raise Problem(422, str(error)) from None
    except IntegrityError:
        raise Problem(409, "Another appointment has this external_id.") from None


RESOURCE = Resource(
    name="appointments",
    one="appointment",
    model=Appointment,
    shown=AppointmentShown,
    reads="appointments:read",
    writes="appointments:write",
    tells_changes=True,
    new=New(AppointmentNew, make),
    change=Change(AppointmentChanges, change, one_at_a_time),
    filters={
        "customer_id": names(Appointment.customer_id),
        "staff_member_id": names(Appointment.staff_member_id),
        "external_id": Filter(lambda text: Appointment.external_id == text),
        "starts_from": Filter(lambda text: Appointment.starts_at >= instant_of(text), INSTANT),
        "starts_before": Filter(lambda text: Appointment.starts_at < instant_of(text), INSTANT),
    },
)
