"""Whether a business's messages come and go: what is found of it, worst first, and what helps."""

from typing import Any

from flask import flash, redirect, request
from flask_admin import BaseView, expose
from flask_security import current_user
from werkzeug.wrappers import Response

from admin_views.health_words import came_of, told
from admin_views.times import shown
from app.extensions import db, each_business, limiter
from app.health import look, look_request, point_webhooks, send_test
from app.health.checks.business import BUSINESS
from app.lib.telephone.phone import BadNumber
from app.lib.text.cleaning import as_sentence
from app.lib.time.clock import now
from app.models import Tenant
from app.outbox.refused import Refused
from app.tenancy import current_tenant_id
from app.web.guards import access

# Twilio is asked each time.
LOOKS = "12 per minute"


class MessagingHealthView(BaseView):  # type: ignore[misc]
    roles = access.ADMINS
    in_tenant = True

    def __init__(self) -> None:
        super().__init__(
            name="Messaging health",
            category="Setup",
            endpoint="messaging_health",
            url="/admin/health",
            menu_icon_type="fa",
            menu_icon_value="fa-heartbeat",
        )

    def is_accessible(self) -> bool:
        return access.may("messaging_health")

    @expose("/")
    def index(self) -> str:
        """What Twilio said when it was asked last, the rest as it is now; with part=state or
        part=tests only what was found, or what came of tests, for the page that waits for it."""
        parts = {
            "state": ("health/health_state.html", _state),
            "tests": ("health/tests.html", _tests),
        }
        if found := parts.get(request.args.get("part", "")):
            template, context = found
            part: str = self.render(template, **context())
            return part
        page: str = self.render("panel/messaging_health.html", **(_state() | _tests()))
        return page

    @expose("/check", methods=["POST"])
    @limiter.limit(lambda: LOOKS, key_func=each_business)
    def check(self) -> Response:
        """Have everything looked at; a worker asks Twilio meanwhile."""
        look_request.of_business(now())
        return redirect(self.get_url(".index"))

    @expose("/webhooks", methods=["POST"])
    @limiter.limit(lambda: LOOKS, key_func=each_business)
    def webhooks(self) -> Response | str:
        """Let Twilio call our addresses; where it calls others now, show them and ask first."""
        try:
            plan = point_webhooks.plan()
        except point_webhooks.NotSet as error:
            flash(str(error), "error")
            return redirect(self.get_url(".index"))
        if not plan.changes:
            flash("Twilio calls our addresses already: there was nothing to change.", "success")
            return redirect(self.get_url(".index"))
        agreed = not plan.foreign or request.form.get("agreed") == plan.seen
        done = plan.carry_out() if agreed else None
        if done:
            look_request.of_business(now())
        page: str = self.render("panel/webhooks_at_twilio.html", plan=plan, done=done)
        return page

    @expose("/webhooks")
    def webhooks_reloaded(self) -> Response:
        """Lead who reloads what the button told back to the page."""
        return redirect(self.get_url(".index"))

    @expose("/test", methods=["POST"])
    @limiter.limit(lambda: LOOKS, key_func=each_business)
    def test(self) -> Response:
        """Text a telephone of one's own."""
        try:
            send_test.send(request.form.get("phone", ""), current_user.id, now())
        except (BadNumber, Refused) as error:
            db.session.rollback()
            flash(as_sentence(error) if isinstance(error, BadNumber) else str(error), "error")
        return redirect(self.get_url(".index") + "#test")


def _state() -> dict[str, Any]:
    tenant = db.session.get_one(Tenant, current_tenant_id())
    own_number = bool(tenant.sms_from or tenant.whatsapp_from)
    since = look_request.since(current_tenant_id())
    return {"own_number": own_number, "since": since, **told(look.of_business(now()), BUSINESS)}


def _tests() -> dict[str, Any]:
    sent = send_test.latest(now())
    waits = any(each.waits(now()) for each in sent)
    return {"tests": [(each, came_of(each)) for each in sent], "waits": waits, "shown": shown}
