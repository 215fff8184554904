"""What the bar of paused messages shows, on every page within a business."""

from typing import Any

from admin_views.frame import business
from admin_views.times import shown
from app.tenancy import tenant_in_scope
from app.web.guards import access


def pausing() -> dict[str, Any]:
    return {
        "paused_at": business().paused_at if tenant_in_scope() else None,
        "may_pause": access.may("notifications"),
        "shown": shown,
    }
