"""Scheduled messages: what will be sent by itself until the end of tomorrow, and what not."""

from functools import partial

from flask import jsonify
from flask_admin import BaseView, expose
from werkzeug.wrappers import Response

from admin_views.frame import business, page_of
from admin_views.notifications.notification_words import preview_json
from admin_views.notifications.pausing import pausing
from admin_views.times import business_time
from app.lib.time.clock import now
from app.notifications.forecast.preview import MOST, end_of_tomorrow, preview
from app.notifications.types import TYPES
from app.row_security.visibility import seen_by
from app.web.guards import access
from app.web.guards.access import wants_json


class TomorrowView(BaseView):  # type: ignore[misc]
    roles = access.STAFF
    in_tenant = True

    def __init__(self) -> None:
        super().__init__(
            name="Scheduled messages",
            endpoint="tomorrow",
            url="/tomorrow",
            menu_icon_type="fa",
            menu_icon_value="fa-paper-plane-o",
        )

    def is_accessible(self) -> bool:
        return access.may("tomorrow")

    @expose("/")
    @expose("")
    def index(self) -> Response | str:
        tenant = business()
        moment = now()
        # What goes depends on all that was said, whoever asks.
        with seen_by(None):
            found = preview(moment, end_of_tomorrow(moment, tenant.timezone))
        if wants_json():
            return jsonify(preview_json(found))
        page: str = self.render(
            "notifications/tomorrow.html",
            preview=found,
            soon=partial(business_time().soon, now=moment),
            kinds=TYPES,
            most=MOST,
            page_of=page_of,
            **pausing(),
        )
        return page
