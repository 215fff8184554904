"""The operator's page of what all businesses share, and of the troubles of each."""

from flask import flash, redirect
from flask_admin import BaseView, expose
from werkzeug.wrappers import Response

from admin_views.health_words import counted, told
from app.extensions import limiter
from app.health import look, results, watch
from app.health.checks.platform import PLATFORM
from app.lib.time.clock import now
from app.web.guards import access

LOOKS = "6 per minute"
# Beyond it the reason is one that all of them share.
MOST = 200


class PlatformHealthView(BaseView):  # type: ignore[misc]
    roles = access.PLATFORM
    in_tenant = False

    def __init__(self) -> None:
        super().__init__(
            name="Health",
            endpoint="platform_health",
            url="/admin/platform-health",
            menu_icon_type="fa",
            menu_icon_value="fa-stethoscope",
        )

    def is_accessible(self) -> bool:
        return access.may("platform_health")

    @expose("/")
    def index(self) -> str:
        page: str = self.render(
            "operator/platform_health.html",
            troubles=results.troubles(MOST),
            most=MOST,
            **told(look.of_platform(now()), PLATFORM),
        )
        return page

    @expose("/check", methods=["POST"])
    @limiter.limit(lambda: LOOKS, key_func=lambda: "platform health")
    def check(self) -> Response:
        """Look at what all share now; each business has its turn every hour."""
        flash(f"Looked at everything just now: {counted(watch.platform(now()))}.", "info")
        return redirect(self.get_url(".index"))
