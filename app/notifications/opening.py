"""The link in a review request: whose it is, where it leads, and that it was opened."""

import uuid
from datetime import datetime

from sqlalchemy import func, select, update

from app import live
from app.extensions import db, settings
from app.lib.links import is_page
from app.models import Notification
from app.notifications.settings import wanted
from app.notifications.types.review_request import TYPE
from app.tenancy import tenant_scope, unscoped


def address(row: Notification) -> str:
    """What stands for {{review_link}}; it names the notification, and nobody."""
    return f"{settings().public_url}/r/{row.public_id}"


def opened(public_id: uuid.UUID, now: datetime, counts: bool) -> str | None:
    """Where the link leads, committed that it was opened if that counts; None: to nothing."""
    this = Notification.public_id == public_id, Notification.type == TYPE.key
    owner = Notification.tenant_id, Notification.customer_id
    count = (
        update(Notification)
        .where(*this)
        .values(opens=Notification.opens + 1, opened_at=func.coalesce(Notification.opened_at, now))
        .returning(*owner)
        .execution_options(synchronize_session=False)
    )
    with unscoped("the link's random name itself says whose it is"):
        found = db.session.execute(count if counts else select(*owner).where(*this)).one_or_none()
        db.session.commit()
    if found is None:
        return None
    if counts:
        live.publish(found.tenant_id, found.customer_id)
    with tenant_scope(found.tenant_id):
        return leads_to(wanted()[TYPE.key].options["link"])


def leads_to(link: str) -> str | None:
    """The link, if it is one to a page of the web."""
    return link if is_page(link) else None
