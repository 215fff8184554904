"""A tenant admin's webhooks: endpoints, their secrets, and the log of what they were told."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from flask import abort, flash, redirect, request
from flask_admin import BaseView, expose
from sqlalchemy import select
from werkzeug.wrappers import Response

from admin_views.lookup import find, within
from admin_views.times import shown
from admin_views.webhooks import told_once, webhook_words
from app.automation.webhooks import endpoints, resend
from app.automation.webhooks.deliver import NoEndpoint
from app.automation.webhooks.endpoints import BY_HAND, OVERLAP, Rejected
from app.extensions import db, each_business, limiter
from app.lib.time.clock import now
from app.models import WebhookDelivery, WebhookEndpoint
from app.tasks import Task, enqueue
from app.web.guards import access

PAGE = 25
# Names are looked up, and servers called, while somebody waits.
OFTEN = "20 per minute"


class WebhooksView(BaseView):  # type: ignore[misc]
    roles = access.ADMINS
    in_tenant = True

    def __init__(self) -> None:
        super().__init__(
            name="Webhooks",
            category="Setup",
            endpoint="outgoing_webhooks",
            url="/admin/webhooks",
            menu_icon_type="fa",
            menu_icon_value="fa-share-square-o",
        )

    def is_accessible(self) -> bool:
        return access.may("outgoing_webhooks")

    @expose("/")
    def index(self) -> str:
        return self._list({"name": "", "url": "", "event_types": []})

    @expose("/", methods=["POST"])
    @limiter.limit(lambda: OFTEN, key_func=each_business)
    def make(self) -> Response | tuple[str, int]:
        """Lead to the page of the new one, which tells its secret once."""
        given = _given()
        try:
            url = endpoints.checked_url(given["url"])
            endpoint, secret = endpoints.make(given["name"], url, given["event_types"], now())
        except Rejected as error:
            flash(str(error), "error")
            return self._list(given), 422
        db.session.commit()
        told_once.keep(f"webhook {endpoint.id}", secret)
        return self._back(endpoint.id)

    @expose("/<int:webhook_endpoint_id>")
    def show(self, webhook_endpoint_id: int) -> str:
        """With part=log only the log, for the page as it is open."""
        return self._page(_endpoint(webhook_endpoint_id))

    @expose("/<int:webhook_endpoint_id>", methods=["POST"])
    @limiter.limit(lambda: OFTEN, key_func=each_business)
    def change(self, webhook_endpoint_id: int) -> Response:
        given = _given()
        try:
            url = endpoints.checked_url(given["url"])
            endpoint = _endpoint(webhook_endpoint_id)
            endpoints.change(endpoint, given["name"], url, given["event_types"])
        except Rejected as error:
            flash(f"Nothing was saved. {error}", "error")
        else:
            db.session.commit()
            flash("Saved.", "success")
        return self._back(webhook_endpoint_id)

    @expose("/<int:webhook_endpoint_id>/rotate", methods=["POST"])
    def rotate(self, webhook_endpoint_id: int) -> Response:
        secret = endpoints.rotate(_endpoint(webhook_endpoint_id), now())
        db.session.commit()
        told_once.keep(f"webhook {webhook_endpoint_id}", secret)
        return self._back(webhook_endpoint_id)

    @expose("/<int:webhook_endpoint_id>/test", methods=["POST"])
    @limiter.limit(lambda: OFTEN, key_func=each_business)
    def test(self, webhook_endpoint_id: int) -> Response:
        _endpoint(webhook_endpoint_id)
        try:
            resend.send_test(webhook_endpoint_id, now())
        except NoEndpoint as error:
            flash(f"{error} Turn it on first.", "error")
        else:
            _sent("A test event is on its way.")
        return self._back(webhook_endpoint_id)

    @expose("/<int:webhook_endpoint_id>/disable", methods=["POST"])
    def disable(self, webhook_endpoint_id: int) -> Response:
        return self._done(
            webhook_endpoint_id,
            lambda: endpoints.disable(webhook_endpoint_id, BY_HAND, now()),
            "Turned off. What waited for it can be sent again later.",
        )

    @expose("/<int:webhook_endpoint_id>/enable", methods=["POST"])
    def enable(self, webhook_endpoint_id: int) -> Response:
        return self._done(
            webhook_endpoint_id,
            lambda: endpoints.enable(webhook_endpoint_id),
            "Turned on. What it was not told of can be sent again below.",
        )

    @expose("/remove", methods=["POST"])
    def remove(self) -> Response:
        db.session.delete(_endpoint(request.form["webhook_endpoint_id"]))
        db.session.commit()
        flash("Removed.", "success")
        return redirect(self.get_url(".index"))

    @expose("/<int:webhook_endpoint_id>/resend-failed", methods=["POST"])
    def resend_failed(self, webhook_endpoint_id: int) -> Response:
        """All that failed in the hours that were chosen."""
        _endpoint(webhook_endpoint_id)
        hours = request.form.get("hours", type=int)
        if hours not in webhook_words.PERIODS:
            abort(400)
        since = now() - timedelta(hours=hours or 0)
        _sent(f"Sent again: {resend.failed_since(webhook_endpoint_id, since, now())}.")
        return self._back(webhook_endpoint_id)

    @expose("/deliveries/<int:webhook_delivery_id>/resend", methods=["POST"])
    def resend(self, webhook_delivery_id: int) -> Response:
        endpoint_id = find(WebhookDelivery, webhook_delivery_id).endpoint_id
        if resend.again(webhook_delivery_id, now()):
            _sent("It is sent again.")
        else:
            flash("Not sent: it is on its way already, or the webhook is off.", "error")
        return self._back(endpoint_id)

    def _done(self, endpoint_id: int, act: Callable[[], bool], told: str) -> Response:
        _endpoint(endpoint_id)
        if act():
            db.session.commit()
            flash(told, "success")
        return self._back(endpoint_id)

    def _back(self, endpoint_id: int) -> Response:
        return redirect(self.get_url(".show", webhook_endpoint_id=endpoint_id))

    def _list(self, given: dict[str, Any]) -> str:
        rows = db.session.scalars(select(WebhookEndpoint).order_by(WebhookEndpoint.id)).all()
        return self._render("webhooks/webhooks.html", endpoints=rows, given=given)

    def _page(self, endpoint: WebhookEndpoint) -> str:
        part = request.args.get("part") == "log"
        template = "webhooks/deliveries.html" if part else "webhooks/webhook.html"
        given = {name: getattr(endpoint, name) for name in ("name", "url", "event_types")}
        log, older = _log(endpoint.id)
        secret = "" if part else told_once.take(f"webhook {endpoint.id}")
        return self._render(
            template, webhook=endpoint, secret=secret, given=given, log=log, older=older
        )

    def _render(self, template: str, **values: Any) -> str:
        page: str = self.render(
            template, words=webhook_words, shown=shown, now=now(), overlap=OVERLAP, **values
        )
        return page


def _given() -> dict[str, Any]:
    form = request.form
    types = form.getlist("event_types")
    return {"name": form.get("name", ""), "url": form.get("url", ""), "event_types": types}


def _endpoint(id_: int | str) -> WebhookEndpoint:
    endpoint: WebhookEndpoint = find(WebhookEndpoint, id_)
    return endpoint


def _log(endpoint_id: int) -> tuple[list[WebhookDelivery], int | None]:
    """The latest, before the one that is named; and the id to go on from, if there are more."""
    query = select(WebhookDelivery).where(WebhookDelivery.endpoint_id == endpoint_id)
    if before := within(request.args.get("before", 0, type=int), access.BIGINT - 1):
        query = query.where(WebhookDelivery.id < before)
    rows = db.session.scalars(query.order_by(WebhookDelivery.id.desc()).limit(PAGE + 1)).all()
    return list(rows[:PAGE]), rows[PAGE - 1].id if len(rows) > PAGE else None


def _sent(told: str) -> None:
    db.session.commit()
    enqueue(Task.SEND_WEBHOOKS)
    flash(told, "success")
