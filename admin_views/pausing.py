"""What the banner of paused messages shows, on each page that has it."""

from typing import Any

from admin_views.frame import business
from admin_views.times import shown
from app.web import access


def pausing() -> dict[str, Any]:
    return {
        "paused_at": business().paused_at,
        "may_pause": access.may("notifications"),
        "shown": shown,
    }
