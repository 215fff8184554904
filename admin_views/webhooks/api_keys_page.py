"""A tenant admin's API keys: made and shown once, and ended."""

from datetime import datetime, time, timedelta
from typing import Any

from flask import flash, redirect, request
from flask_admin import BaseView, expose
from sqlalchemy import select
from werkzeug.wrappers import Response

from admin_views.lookup import find
from admin_views.times import shown, zone
from admin_views.webhooks import told_once
from app.api_keys import keys
from app.api_keys.keys import Rejected
from app.api_keys.scopes import SCOPES
from app.extensions import db
from app.lib.time.clock import now
from app.models import ApiKey
from app.web.guards import access

NEW = "api key"
NO_DAY = "The last day cannot be read. Choose it in the calendar."


class ApiKeysView(BaseView):  # type: ignore[misc]
    roles = access.ADMINS
    in_tenant = True

    def __init__(self) -> None:
        super().__init__(
            name="API keys",
            category="Setup",
            endpoint="api_keys",
            url="/admin/api-keys",
            menu_icon_type="fa",
            menu_icon_value="fa-plug",
        )

    def is_accessible(self) -> bool:
        return access.may("api_keys")

    @expose("/")
    def index(self) -> str:
        return self._page({"name": "", "scopes": [], "until": ""})

    @expose("/", methods=["POST"])
    def make(self) -> Response | tuple[str, int]:
        """name, scopes, and until (the last day that it holds); shown once by the page after."""
        form = request.form
        name, scopes, until = form.get("name", ""), form.getlist("scopes"), form.get("until", "")
        try:
            _, whole = keys.make(name, scopes, now(), _end(until))
        except Rejected as error:
            flash(str(error), "error")
            return self._page({"name": name, "scopes": scopes, "until": until}), 422
        db.session.commit()
        told_once.keep(NEW, whole)
        return redirect(self.get_url(".index"))

    @expose("/revoke", methods=["POST"])
    def revoke(self) -> Response:
        keys.revoke(find(ApiKey, request.form["api_key_id"]), now())
        db.session.commit()
        flash("Ended. It lets nobody in any more.", "success")
        return redirect(self.get_url(".index"))

    def _page(self, given: dict[str, Any]) -> str:
        rows = db.session.scalars(select(ApiKey).order_by(ApiKey.id.desc())).all()
        page: str = self.render(
            "api_keys/api_keys.html",
            keys=rows,
            given=given,
            secret=told_once.take(NEW),
            scopes=SCOPES,
            shown=shown,
            now=now(),
        )
        return page


def _end(day: str) -> datetime | None:
    """With which the day ends, where the business is; None: no day is said. Raises Rejected."""
    if not day:
        return None
    try:
        last = datetime.strptime(day, "%Y-%m-%d").date()  # noqa: DTZ007
        return datetime.combine(last + timedelta(days=1), time(), zone())
    except (ValueError, OverflowError):
        raise Rejected(NO_DAY) from None
