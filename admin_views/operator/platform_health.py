"""The operator's page of what all businesses share, and of the troubles of each."""

from flask import redirect, request
from flask_admin import BaseView, expose
from werkzeug.wrappers import Response

from admin_views.health_words import told
from app.extensions import limiter
from app.health import look, look_request, results
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
        """With part=state only what was found of what all share, for the page that waits for it."""
        shared = {"since": look_request.platform_since(), **told(look.of_platform(now()), PLATFORM)}
        if request.args.get("part") == "state":
            state: str = self.render("health/health_state.html", **shared)
            return state
        page: str = self.render(
            "operator/platform_health.html", troubles=results.troubles(MOST), most=MOST, **shared
        )
        return page

    @expose("/check", methods=["POST"])
    @limiter.limit(lambda: LOOKS, key_func=lambda: "platform health")
    def check(self) -> Response:
        """Have what all share looked at; each business has its turn every hour."""
        look_request.of_platform(now())
        return redirect(self.get_url(".index"))
