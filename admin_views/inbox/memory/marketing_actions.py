"""What a customer told staff about offers, written down on their page and in the pane."""

from datetime import date, datetime, time
from typing import Any

from flask import flash, jsonify, make_response, redirect, url_for
from flask_admin import BaseView, expose
from werkzeug.wrappers import Response

from admin_views.frame import business
from admin_views.inbox.inbox_page import mine
from admin_views.lookup import find
from admin_views.posted import posted
from app import live
from app.customers import marketing
from app.extensions import db
from app.lib.time.clock import instant, local_day, now
from app.models import Customer
from app.tenancy import current_tenant_id
from app.web.guards.access import wants_json


class MarketingActions(BaseView):  # type: ignore[misc]
    @expose("/<int:customer_id>/marketing", methods=["POST"])
    def marketing(self, customer_id: int) -> Response:
        """Whether offers may go to an address of theirs (channel, address, agreed: yes or no), how
        they said so, and on which day; 422 says why it cannot be written down."""
        customer, values = find(Customer, customer_id), posted()
        try:
            _record(customer, values)
            db.session.commit()
        except marketing.NotRecorded as refused:
            db.session.rollback()
            if wants_json():
                return make_response(jsonify(error=str(refused)), 422)
            flash(str(refused), "error")
        else:
            live.publish(current_tenant_id(), customer_id)
            if wants_json():
                return make_response(jsonify(id=customer_id))
            flash("Saved.", "success")
        return redirect(url_for("profile.show", customer_id=customer_id, _anchor="consent"))


def _record(customer: Customer, values: dict[str, Any]) -> None:
    moment, agreed = now(), values.get("agreed")
    if agreed not in ("yes", "no"):
        raise marketing.NotRecorded("Say whether they agree to offers: yes or no.")
    place = str(values.get("channel") or ""), str(values.get("address") or "")
    how, day = str(values.get("how") or ""), str(values.get("day") or "").strip()
    given_at = _given(day, moment) if day else None
    marketing.by_staff(customer, place, agreed == "yes", how, given_at, mine(), moment)


def _given(day: str, moment: datetime) -> datetime | None:
    """The beginning of the day on the business's clock; None: today, so now."""
    zone = business().timezone
    try:
        given = date.fromisoformat(day)
        begins = instant(datetime.combine(given, time()), zone)
    except ValueError:
        raise marketing.NotRecorded("That is no day. Write it as 2026-11-30.") from None
    return None if given == local_day(moment, zone) else begins
