"""Undo for an appointment that was moved: the bar after a drag, and what a form would
tell the customer."""

from dataclasses import dataclass
from datetime import datetime

from flask import flash, jsonify, make_response, redirect, render_template, url_for
from flask_admin import BaseView, expose
from werkzeug.wrappers import Response

from admin_views.calendar import calendar_form
from admin_views.calendar.notice_words import Told, called, tells
from admin_views.frame import business
from admin_views.lookup import find
from admin_views.posted import posted
from admin_views.times import business_time
from app.appointments import commands
from app.appointments.commands import Changes, Refused
from app.extensions import db
from app.inbox import marks
from app.lib.time.clock import now
from app.models import Appointment
from app.models.appointment import AppointmentStatus
from app.notifications.forecast.notice import knows, notice
from app.web.guards import access
from app.web.guards.access import wants_json

# What the fields of the panel's form are called in the calendar's.
PANEL = {"service": "service_id", "staff_member": "staff_member_id"}


class MovesView(BaseView):  # type: ignore[misc]
    roles = access.STAFF
    in_tenant = True

    def __init__(self) -> None:
        super().__init__(name="Moves", endpoint="moves", url="/calendar/moves")

    def is_accessible(self) -> bool:
        return access.may("moves")

    def is_visible(self) -> bool:
        return False

    @expose("/")
    @expose("")
    def index(self) -> Response:
        """They are made in the calendar."""
        return redirect(url_for("calendar.index"))

    @expose("/<int:appointment_id>/undo", methods=["POST"])
    def undo(self, appointment_id: int) -> Response:
        """Put it back where it was: starts_at, staff_member_id and status of before, and the start
        that its customer knew."""
        find(Appointment, appointment_id)
        values = posted()
        try:
            back, seen = Before.posted(values), calendar_form.seen(values)
            # Whoever was to be told of where it was is so still.
            tell = tells(values) or back.knew != back.starts_at
            after = commands.put_back(
                appointment_id, now(), knew=back.knew, seen=seen, tell=tell, **back.changes()
            )
        except Refused as refused:
            return _refused(refused, appointment_id)
        if back.reply_id:
            marks.reopen(after, back.reply_id)
        where = _where(after, after.starts_at)
        found = Told(called(after.customer), notice(after, now()))
        told = found if tell and found.notice.goes else "Nobody was told."
        return _answer(f"Put back to {where}. {told}", after)

    @expose("/<int:appointment_id>/tell", methods=["POST"])
    def tell(self, appointment_id: int) -> Response:
        """Whether its customer is told of the move after all, before they are: tell, and what the
        way back says."""
        find(Appointment, appointment_id)
        values = posted()
        try:
            before, tell = Before.posted(values), tells(values)
            seen = calendar_form.seen(values)
            after = commands.tell(appointment_id, now(), tell, before.knew, seen)
        except Refused as refused:
            return _refused(refused, appointment_id)
        return bar(after, before, tell)

    @expose("/<int:appointment_id>/notice", methods=["POST"])
    def notice(self, appointment_id: int) -> Response:
        """What its customer would be told of what the form says, the calendar's or the panel's.
        Changes nothing."""
        appointment = find(Appointment, appointment_id)
        values = {PANEL.get(field, field): value for field, value in posted().items()}
        name = called(appointment.customer)
        try:
            zone, before = business().timezone, appointment.starts_at
            agreed = calendar_form.changes(values, zone, before)
            if (status := values.get("status")) in set(AppointmentStatus):
                agreed["status"] = status
            told = Told(name, commands.rehearse(appointment_id, now(), **agreed))
        except Refused as refused:
            return _refused(refused, appointment_id)
        finally:
            db.session.rollback()
        return jsonify(told.json() | {"part": render_template("calendar/notice.html", told=told)})


@dataclass(frozen=True)
class Before:
    """Where an appointment was before it was dragged away."""

    starts_at: datetime
    staff_member_id: int | None
    status: str
    knew: datetime | None
    """The start that its customer took it to have."""
    reply_id: int | None = None
    """What its customer said of it and waited for a person."""

    @classmethod
    def of(cls, appointment: Appointment) -> "Before":
        where = appointment.starts_at, appointment.staff_member_id
        waited = marks.open_about(appointment)
        return cls(*where, appointment.status, knows(appointment), waited)

    @classmethod
    def posted(cls, values: dict[str, str]) -> "Before":
        """Raises Refused."""
        said = calendar_form.changes(values, business().timezone)
        status = str(values.get("status"))
        if "starts_at" not in said or status not in ("scheduled", "confirmed"):
            raise Refused("Say where it was: starts_at and status.")
        starts_at, waited = said["starts_at"], str(values.get("reply_id") or "")
        knew = calendar_form.seen(values, "knew") if "knew" in values else starts_at
        reply_id = int(waited) if waited.isdecimal() and len(waited) < 19 else None
        return cls(starts_at, said.get("staff_member_id"), status, knew, reply_id)

    def changes(self) -> Changes:
        return Changes(
            starts_at=self.starts_at, staff_member_id=self.staff_member_id, status=self.status
        )


def bar(after: Appointment, before: Before, tell: bool) -> Response:
    """What stands below the calendar after a drag: who is told, and the way back."""
    told = Told(called(after.customer), notice(after, now()))
    return _answer(
        f"Moved to {_where(after, before.starts_at)}.",
        after,
        before=before,
        tell=tell,
        told=told,
        stays=after.starts_at == before.starts_at,
    )


def _answer(text: str, appointment: Appointment, **more: object) -> Response:
    if not wants_json():
        flash(text, "success")
        return redirect(url_for("calendar.show", appointment_id=appointment.id))
    part = render_template("calendar/moved.html", text=text, appointment=appointment, **more)
    return jsonify(id=appointment.id, said=text, bar=part)


def _refused(refused: Refused, appointment_id: int) -> Response:
    db.session.rollback()
    if wants_json():
        return make_response(jsonify(error=str(refused)), 422)
    flash(str(refused), "error")
    return redirect(url_for("calendar.show", appointment_id=appointment_id))


def _where(appointment: Appointment, before: datetime) -> str:
    """«4:00 PM with Amara», with the day where it was on another."""
    there, start, person = business_time(), appointment.starts_at, appointment.staff_member
    same = there.day(start) == there.day(before)
    when = there.time(start) if same else there.near(start, now())
    return f"{when} with {person}" if person else when
