"""The link in a review request: whose it is, where it leads, and that it was opened."""

import uuid
from datetime import datetime

from sqlalchemy import ColumnElement, exists, false, func, select, update

from app import live
from app.extensions import db, settings
from app.lib import short_name
from app.lib.links import is_page
from app.models import Notification
from app.notifications.settings import wanted
from app.notifications.types.review_request import TYPE
from app.tenancy import tenant_scope, unscoped


def fresh() -> str:
    """The name of a new link, which no other has."""
    while _taken(name := short_name.make()):
        pass
    return name


def _taken(name: str) -> bool:
    with unscoped("a link's name is nobody else's, in whatever business"):
        return bool(db.session.scalar(select(exists().where(Notification.link == name))))


def address(row: Notification) -> str:
    """What stands for {{review_link}}; it names the notification, and nobody."""
    return f"{settings().public_url}/r/{row.link or row.public_id}"


def opened(name: str, now: datetime, counts: bool) -> str | None:
    """Where the link of that name leads, committed that it was opened if that counts; None: to
    nothing."""
    this = _named(name), Notification.type == TYPE.key
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


def _named(name: str) -> ColumnElement[bool]:
    """The condition that a notification's link is called so, or was in the beginning."""
    try:
        return Notification.public_id == uuid.UUID(name)
    except ValueError:
        known = short_name.read(name)
        return Notification.link == known if known else false()


def leads_to(link: str) -> str | None:
    """The link, if it is one to a page of the web."""
    return link if is_page(link) else None
