"""Whether a business's messages come and go: what is found of it, worst first."""

from flask import flash, redirect
from flask_admin import BaseView, expose
from werkzeug.wrappers import Response

from admin_views.health_words import counted, told
from app.extensions import limiter
from app.health import look, watch
from app.health.checks.business import BUSINESS
from app.lib.time.clock import now
from app.tenancy import current_tenant_id
from app.web.guards import access

# Twilio is asked each time, while somebody waits.
LOOKS = "6 per minute"


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
        """What Twilio said when it was asked last; the rest as it is now."""
        page: str = self.render(
            "panel/messaging_health.html", **told(look.of_business(now()), BUSINESS)
        )
        return page

    @expose("/check", methods=["POST"])
    @limiter.limit(lambda: LOOKS, key_func=lambda: f"tenant {current_tenant_id()}")
    def check(self) -> Response:
        """Look at everything now, and ask Twilio, too."""
        flash(f"Looked at everything just now: {counted(watch.business(now()))}.", "info")
        return redirect(self.get_url(".index"))
