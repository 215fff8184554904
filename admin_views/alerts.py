"""What each person wants to hear of: their page Alerts, and what a browser is told by it."""

from datetime import timedelta
from typing import Any

from flask import abort, current_app, flash, g, jsonify, redirect, request
from flask_admin import BaseView, expose
from flask_security import current_user
from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import joinedload
from werkzeug.wrappers import Response

from admin_views.numbers import pretty
from admin_views.posted import posted
from app.extensions import db, settings
from app.lib.time.clock import now
from app.models import Conversation
from app.push import subscriptions
from app.push.subscriptions import BadSubscription, Given
from app.push.vapid_key import public_key
from app.web.guards import access

SAVED = "Saved."
# What is older has been told of.
OF_LATE = timedelta(seconds=20)
NO_USER = "You work in this business as its operator: it alerts its own people."


class AlertsView(BaseView):  # type: ignore[misc]
    roles = access.STAFF
    in_tenant = True

    def __init__(self) -> None:
        super().__init__(name="Alerts", endpoint="alerts", url="/settings/alerts")

    def is_visible(self) -> bool:
        """It is personal: its link stands beside the name, and not in the menu."""
        return False

    def is_accessible(self) -> bool:
        return access.may("alerts")

    @expose("/", methods=["GET", "POST"])
    def index(self) -> Response | str:
        """A sound, and notifications: each kept with the person. 422 for the operator."""
        if request.method == "GET":
            page: str = self.render("alerts.html", is_user=_is_user(), no_user=NO_USER)
            return page
        user = _user()
        user.alert_sound, user.alert_notify = "sound" in request.form, "notify" in request.form
        db.session.commit()
        flash(SAVED, "success")
        return redirect(self.get_url(".index"))

    @expose("/subscription", methods=["POST"])
    def subscription(self) -> Response:
        """Tell this browser from now on (JSON of a PushSubscription), as long as its session lasts;
        with "off" no more. 422 for what no browser gives."""
        said = posted()
        user, endpoint = _user(), str(said.get("endpoint"))
        if said.get("off"):
            subscriptions.unsubscribe(endpoint, user.id)
            return Response(status=204)
        keys = said.get("keys")
        keys = keys if isinstance(keys, dict) else {}
        given = Given(endpoint, str(keys.get("p256dh")), str(keys.get("auth")))
        try:
            subscriptions.subscribe(given, user.id, g.session_id, now())
        except BadSubscription:
            abort(422)
        return Response(status=204)

    @expose("/notice/<int:customer_id>")
    def notice(self, customer_id: int) -> Response:
        """What a notification of the customer says, and whether it is for the caller: unread, and
        theirs or nobody's."""
        if customer_id >= 2**31:
            abort(404)
        return self._told(_latest(Conversation.customer_id == customer_id) or abort(404))

    @expose("/notice/newest")
    def newest(self) -> Response:
        """Likewise of what came a moment ago, for whoever is not told of whom (app/streams)."""
        newly = Conversation.last_message_at > now() - OF_LATE
        talk = _latest(Conversation.waiting_since.is_not(None), newly)
        return self._told(talk) if talk else jsonify(for_me=False)

    def _told(self, talk: Conversation) -> Response:
        # Of somebody who may sign in no more it is nobody's.
        nobodys = talk.assignee is None or not talk.assignee.active
        mine = nobodys or talk.assignee_id == current_user.id
        body = "Missed call" if talk.call_missed else "New message"
        path = self.get_url("inbox.show", customer_id=talk.customer_id)
        for_me = bool(mine and talk.unread_count)
        return jsonify(title=pretty(talk.customer.name), body=body, path=path, for_me=for_me)

    @expose("/worker.js")
    def worker(self) -> Response:
        """The service worker, which may show notifications for all pages."""
        script: Response = current_app.send_static_file("js/alerts/worker.js")
        script.headers["Service-Worker-Allowed"] = "/"
        script.headers["Cache-Control"] = "no-cache"
        return script


def push_key() -> str:
    """By which browsers subscribe to what we push."""
    return public_key(settings().secret_key)


def _latest(*which: ColumnElement[bool]) -> Conversation | None:
    query = (
        select(Conversation)
        .where(*which)
        .options(joinedload(Conversation.customer), joinedload(Conversation.assignee))
        .order_by(Conversation.last_message_at.desc())
        .limit(1)
    )
    return db.session.scalar(query)


def _is_user() -> bool:
    return current_user.tenant_id is not None


def _user() -> Any:
    return current_user if _is_user() else abort(422)
