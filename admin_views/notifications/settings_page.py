"""What the business sends by itself, and what each message says: /settings/notifications."""

from collections.abc import Callable
from typing import Any

from flask import flash, jsonify, make_response, redirect, request, url_for
from flask_admin import BaseView, expose
from werkzeug.wrappers import Response

from admin_views.notifications.notification_fields import fields
from admin_views.notifications.notification_words import change_words, effect_json, policy_json
from admin_views.notifications.pausing import pausing
from admin_views.notifications.template_list import listed
from admin_views.posted import nested, stored
from app.extensions import each_business, limiter
from app.lib.time.clock import now
from app.notifications.configure.change import change, pause, resume
from app.notifications.configure.proposal import propose
from app.notifications.configure.template_edit import Wrong
from app.notifications.forecast.effect import DAYS, EXAMPLES, MOST, effect
from app.notifications.settings import policy
from app.web.guards import access
from app.web.guards.access import wants_json

TABS: dict[str, Callable[[dict[str, Any], dict[str, str]], dict[str, Any]]] = {
    "when": lambda values, errors: fields(policy(), values, errors),
    "texts": lambda _values, _errors: listed(),
}
# Of a business. Each reckons with hundreds of appointments, and the page asks while one types.
LOOKS = "40 per minute"


class NotificationsView(BaseView):  # type: ignore[misc]
    roles = access.ADMINS
    in_tenant = True

    def __init__(self) -> None:
        super().__init__(
            name="Automatic messages",
            category="Setup",
            endpoint="notifications",
            url="/settings/notifications",
            menu_icon_type="fa",
            menu_icon_value="fa-bell-o",
        )

    def is_accessible(self) -> bool:
        return access.may("notifications")

    @expose("/", methods=["GET", "PUT", "POST"])
    @expose("", methods=["GET", "PUT", "POST"])
    def index(self) -> Response | str | tuple[str, int]:
        """The settings; a PUT or POST stores what it names, and leaves what it does not."""
        if request.method in ("PUT", "POST"):
            return self._save()
        if wants_json():
            return jsonify(policy_json(policy()))
        return self._page({}, {})

    def _save(self) -> Response | tuple[str, int]:
        """422 with what is wrong, by field, and nothing saved."""
        values = _given()
        try:
            saved = change(values, now())
        except Wrong as wrong:
            if wants_json():
                return make_response(jsonify(errors=wrong.errors), 422)
            return self._page(values, wrong.errors), 422
        if wants_json():
            return jsonify(policy_json(saved))
        flash("Saved. The messages to come are planned anew now.", "success")
        return stored(url_for(".index"))

    def _page(self, values: dict[str, Any], errors: dict[str, str]) -> str:
        """One of the two tabs; what is wrong is on the first."""
        tab = "texts" if request.args.get("tab") == "texts" and not errors else "when"
        page: str = self.render(
            "notifications/settings.html",
            tab=tab,
            **TABS[tab](values, errors),
            **pausing(),
        )
        return page

    @expose("/effect", methods=["POST"])
    @limiter.limit(lambda: LOOKS, key_func=each_business)
    def effect(self) -> Response | str:
        """What saving the given settings would do to the messages to come. Writes nothing.

        What is wrong is 422 for programs; the page has a part that says so.
        """
        try:
            found = effect(propose(policy(), _given()), now())
        except Wrong as wrong:
            if wants_json():
                return make_response(jsonify(errors=wrong.errors), 422)
            return self._effect(errors=wrong.errors)
        if wants_json():
            return jsonify(effect_json(found))
        say = change_words(now())
        return self._effect(effect=found, say=say, examples=EXAMPLES, most=MOST, days=DAYS.days)

    def _effect(self, **told: Any) -> str:
        part: str = self.render("notifications/effect.html", **told)
        return part

    @expose("/pause", methods=["POST"])
    def pause(self) -> Response:
        pause(now())
        return self._paused("Paused: nothing is sent by itself any more.")

    @expose("/resume", methods=["POST"])
    def resume(self) -> Response:
        resume(now())
        return self._paused("Automatic messages go on. What came too late meanwhile is left out.")

    def _paused(self, told: str) -> Response:
        if wants_json():
            return jsonify(policy_json(policy()))
        flash(told, "success")
        return redirect(url_for("tomorrow.index"))


def _given() -> dict[str, Any]:
    """What is sent; of what a GET told, since when all is paused may be sent back, as it is."""
    values = nested()
    if "paused_at" in values and values["paused_at"] == policy_json(policy())["paused_at"]:
        del values["paused_at"]
    return values
