"""What the banner of paused messages shows, on each page that has it."""

from typing import Any

from admin_views.times import shown
from app.extensions import db
from app.models import Tenant
from app.tenancy import current_tenant_id
from app.web import access


def pausing() -> dict[str, Any]:
    return {
        "paused_at": db.session.get_one(Tenant, current_tenant_id()).paused_at,
        "may_pause": access.may("notifications"),
        "shown": shown,
    }
