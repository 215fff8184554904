"""The operator's page of the numbers that businesses write from, and by whose word."""

from collections.abc import Callable

from flask import abort, flash, redirect
from flask_admin import BaseView, expose
from werkzeug.wrappers import Response

from admin_views.labels import CHANNEL
from admin_views.times import shown, zone
from app.extensions import db
from app.lib.telephone.phone import pretty
from app.lib.time.clock import now
from app.models import NumberState, Tenant
from app.numbers import oversight
from app.web.guards import access

STATE = {
    NumberState.CHECKING: "Being checked",
    NumberState.HELD: "In use",
    NumberState.ABSENT: "Not in the account",
    NumberState.CONTESTED: "Claimed by two",
    NumberState.WITHDRAWN: "Taken back",
}


class SenderNumbersView(BaseView):  # type: ignore[misc]
    roles = access.PLATFORM
    in_tenant = False

    def __init__(self) -> None:
        super().__init__(
            name="Numbers",
            endpoint="sender_numbers",
            url="/admin/numbers",
            menu_icon_type="fa",
            menu_icon_value="fa-hashtag",
        )

    def is_accessible(self) -> bool:
        return access.may("sender_numbers")

    @expose("/")
    def index(self) -> str:
        page: str = self.render(
            "operator/sender_numbers.html",
            numbers=oversight.listed(),
            states=STATE,
            channels=CHANNEL,
            written=pretty,
            shown=shown,
            zone=zone(),
        )
        return page

    @expose("/<int:tenant_id>/<int:sender_number_id>/take-back", methods=["POST"])
    def take_back(self, tenant_id: int, sender_number_id: int) -> Response:
        """The business writes from it no more."""
        return self._done(
            lambda: oversight.take_back(tenant_id, sender_number_id, now()),
            tenant_id,
            "Taken back. What waited to leave from it is refused, and staff see why.",
        )

    @expose("/<int:tenant_id>/<int:sender_number_id>/allow", methods=["POST"])
    def allow(self, tenant_id: int, sender_number_id: int) -> Response:
        """It may be used again."""
        return self._done(
            lambda: oversight.allow_again(tenant_id, sender_number_id, now()),
            tenant_id,
            "The business may use it again.",
        )

    def _done(self, act: Callable[[], bool], tenant_id: int, told: str) -> Response:
        access.leave_scope()
        if db.session.get(Tenant, tenant_id) is None:
            abort(404)
        if act():
            flash(told, "success")
        else:
            flash("Not done: another business uses this number by now, or it was removed.", "error")
        return redirect(self.get_url(".index"))
