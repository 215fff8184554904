"""Where an admin makes the addresses at which calendar programs read appointments."""

from flask import flash, redirect, request
from flask_admin import BaseView, expose
from sqlalchemy import select
from werkzeug.wrappers import Response

from admin_views.frame import business
from admin_views.lookup import find
from admin_views.times import shown
from app.appointments.feeds import feed_addresses as addresses
from app.appointments.feeds.feed_addresses import Rejected
from app.extensions import db
from app.lib.time.clock import now
from app.models import CalendarFeed, FeedShows, StaffMember
from app.web.guards import access

SHOWS = {
    FeedShows.INITIALS.value: "Service, first name and initial",
    FeedShows.NAMES.value: "Service and whole name",
    FeedShows.BUSY.value: "Only that somebody is booked",
}


class CalendarFeedsView(BaseView):  # type: ignore[misc]
    roles = access.ADMINS
    in_tenant = True

    def __init__(self) -> None:
        super().__init__(
            name="Calendar feeds",
            category="Setup",
            endpoint="calendar_feeds",
            url="/admin/calendar-feeds",
            menu_icon_type="fa",
            menu_icon_value="fa-rss",
        )

    def is_accessible(self) -> bool:
        return access.may("calendar_feeds")

    @expose("/")
    def index(self) -> str:
        feeds = db.session.scalars(select(CalendarFeed).order_by(CalendarFeed.id)).all()
        people = select(StaffMember).where(StaffMember.active).order_by(StaffMember.name)
        page: str = self.render(
            "calendar/feeds.html",
            feeds=[(each, addresses.address(each, business().slug)) for each in feeds],
            people=db.session.scalars(people).all(),
            shows=SHOWS,
            shown=shown,
            works=addresses.works,
        )
        return page

    @expose("/", methods=["POST"])
    def make(self) -> Response:
        """whose: a staff member's id, or empty; shows: one of SHOWS."""
        whose = request.form.get("whose", "")
        try:
            staff_member_id = find(StaffMember, whose).id if whose else None
            addresses.make(staff_member_id, request.form.get("shows", ""), now())
        except Rejected as error:
            flash(str(error), "error")
        else:
            db.session.commit()
            flash("Copy its address into your calendar program.", "success")
        return redirect(self.get_url(".index"))

    @expose("/<int:calendar_feed_id>/renew", methods=["POST"])
    def renew(self, calendar_feed_id: int) -> Response:
        addresses.renew(find(CalendarFeed, calendar_feed_id))
        db.session.commit()
        flash("It has a new address. The one before is read no more.", "success")
        return redirect(self.get_url(".index"))

    @expose("/remove", methods=["POST"])
    def remove(self) -> Response:
        db.session.delete(find(CalendarFeed, request.form["calendar_feed_id"]))
        db.session.commit()
        flash("Removed. Its address is read no more.", "success")
        return redirect(self.get_url(".index"))
