"""When each staff member works, and is away: /settings/working-hours. Admins change it."""

from typing import Any, NamedTuple

from flask import abort, flash, redirect, request
from flask_admin import BaseView, expose
from sqlalchemy import select
from werkzeug.wrappers import Response

from admin_views.business_hours.hours_page import OUTDATED
from admin_views.business_hours.hours_readings import ENGLISH, locale
from admin_views.business_hours.posted_hours import seen
from admin_views.business_hours.posted_working import (
    as_entered,
    changed,
    posted_working,
    working_fields,
)
from admin_views.lookup import find
from admin_views.times import business_time
from app.business_hours.check_hours import Errors, WrongHours
from app.business_hours.check_working_hours import TypedWorking, check_working
from app.business_hours.load_hours import stored
from app.business_hours.load_working_hours import Schedule, schedule
from app.business_hours.save_hours import Outdated
from app.business_hours.save_working_hours import save_working, working_of
from app.business_hours.tell_hours import Told
from app.extensions import db
from app.lib.time.clock import now
from app.lib.time.locales import day
from app.models import StaffMember
from app.web.guards import access


class Person(NamedTuple):
    """One who takes appointments, as the list tells of them."""

    id: int
    name: str
    works: str
    away: list[tuple[str, str]]
    """From when to when, and the note."""


class WorkingHoursView(BaseView):  # type: ignore[misc]
    roles = access.STAFF
    for_admins = ("show", "save")
    in_tenant = True

    def __init__(self) -> None:
        super().__init__(
            name="Working hours",
            category="Setup",
            endpoint="working_hours",
            url="/settings/working-hours",
            menu_icon_type="fa",
            menu_icon_value="fa-calendar-check-o",
        )

    def is_accessible(self) -> bool:
        return access.may("working_hours")

    @expose("/")
    def index(self) -> str:
        works = schedule(business_time().day(now()))
        query = select(StaffMember).where(StaffMember.active).order_by(StaffMember.name)
        page: str = self.render(
            "business_hours/working.html",
            people=[_told(each, works) for each in db.session.scalars(query)],
            changes=access.may("working_hours.save"),
        )
        return page

    @expose("/<int:staff_member_id>")
    def show(self, staff_member_id: int) -> str:
        person: StaffMember = find(StaffMember, staff_member_id)
        working = working_of(person, business_time().day(now()))
        return self._form(person, as_entered(working, stored(), locale()), person.hours_version)

    @expose("/<int:staff_member_id>", methods=["POST"])
    def save(self, staff_member_id: int) -> Response | str | tuple[str, int]:
        """Stores all of it, or says what is wrong; a button that adds or removes a row of the form
        stores nothing."""
        person: StaffMember = find(StaffMember, staff_member_id)
        form, typed = request.form, posted_working(request.form)
        if seen(form) < 0:
            abort(400)
        if "add" in form or "remove" in form:
            return self._form(person, changed(typed, form), seen(form))
        try:
            save_working(person, check_working(typed), seen(form), business_time().day(now()))
        except WrongHours as wrong:
            return self._form(person, typed, seen(form), wrong.errors), 422
        except Outdated:
            db.session.rollback()
            person = find(StaffMember, staff_member_id)
            return self._form(person, typed, person.hours_version, {"": OUTDATED}), 409
        db.session.commit()
        flash(f"Saved when {person} works.", "success")
        return redirect(self.get_url(".index"))

    def _form(
        self, person: StaffMember, typed: TypedWorking, seen: int, errors: Errors | None = None
    ) -> str:
        """seen: the version that the form was made from."""
        told: Any = working_fields(typed, errors or {})
        page: str = self.render(
            "business_hours/working_form.html",
            person=person,
            version=seen,
            timezone=business_time().timezone,
            **told,
        )
        return page


def _told(person: StaffMember, works: Schedule) -> Person:
    theirs = works.of(person.id)
    away = [(_days(each.first, each.last), each.note) for each in theirs.off]
    if not person.own_hours:
        return Person(person.id, person.name, "As the business is open", away)
    week = Told(theirs.hours, ENGLISH, locale(), now()).week() if theirs.hours else ""
    return Person(person.id, person.name, week, away)


def _days(first: Any, last: Any) -> str:
    there = business_time()
    return day(first, locale(), "yMMMEd") if first == last else there.between(first, last)
