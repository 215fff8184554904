"""The mailbox where answers to a business's emails go: another one counts once its owner says so.

The emails come from our domain, so that whoever may name any mailbox could write in somebody else's
name. A link goes to the mailbox that was entered (reply_links.py), and its reader presses a button.
Until then the one before counts, or no emails are sent.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from sqlalchemy import update

from app.extensions import db, settings
from app.lib.mail.reply_link import LinkOver, opened
from app.models import Tenant

__all__ = ["Asked", "Link", "LinkOver", "ask_again", "asked", "confirm", "enter", "may_ask_again"]

# Between two links of one business, whatever the mailboxes: nobody's is filled by us.
PAUSE = timedelta(minutes=5)


class Link(StrEnum):
    DUE = "due"
    SENDING = "sending"
    SENT = "sent"
    UNSURE = "unsure"
    """The mail server gave no clear answer: it is not sent again by itself."""
    REFUSED = "refused"


@dataclass(frozen=True)
class Asked:
    """What the reader of a link is asked."""

    tenant_id: int
    business: str
    address: str
    done: bool


def enter(tenant: Tenant, address: str | None, now: datetime) -> None:
    """The business wants answers there; None: it sends no emails. Commits nothing."""
    if address is None:
        tenant.reply_to = None
    if address in (None, tenant.reply_to):
        tenant.reply_to_wanted = tenant.reply_to_link = None
    elif address != tenant.reply_to_wanted:
        tenant.reply_to_wanted = address
        _due(tenant, now)


def ask_again(tenant: Tenant, now: datetime) -> bool:
    """Send another link; False: it is too early. Commits nothing."""
    if not may_ask_again(tenant, now):
        return False
    _due(tenant, now)
    return True


def may_ask_again(tenant: Tenant, now: datetime) -> bool:
    """Whether another link may be sent."""
    waits = tenant.reply_to_wanted is None or tenant.reply_to_link == Link.DUE
    return not waits and _next(tenant, now) <= now


def _due(tenant: Tenant, now: datetime) -> None:
    tenant.reply_to_link_at = max(now, _next(tenant, now))
    tenant.reply_to_link, tenant.reply_to_asked_at = Link.DUE, now


def _next(tenant: Tenant, now: datetime) -> datetime:
    """When the next link may leave."""
    last = tenant.reply_to_link_at
    if last is None:
        return now
    # One that did not leave yet is replaced.
    return last if tenant.reply_to_link == Link.DUE or last > now else last + PAUSE


def asked(token: str, now: datetime) -> Asked | None:
    """What the link asks; None: it is none of ours. Raises LinkOver where its time is over, or
    another mailbox was entered since."""
    tenant_id, address = opened(keys(), token, now) or (None, "")
    if tenant_id is None:
        return None
    tenant = db.session.get(Tenant, tenant_id)
    if tenant is None or address not in (tenant.reply_to, tenant.reply_to_wanted):
        raise LinkOver
    return Asked(tenant.id, tenant.name, address, done=address == tenant.reply_to)


def confirm(one: Asked) -> None:
    """From now on answers go there, committed. Raises LinkOver where another mailbox was entered
    meanwhile."""
    confirmed = (
        update(Tenant)
        .where(Tenant.id == one.tenant_id, Tenant.reply_to_wanted == one.address)
        .values(reply_to=one.address, reply_to_wanted=None, reply_to_link=None)
        .returning(Tenant.id)
    )
    found = db.session.scalar(confirmed)
    db.session.commit()
    if found is None and not one.done:
        raise LinkOver


def keys() -> list[str]:
    """What links are signed with, the oldest first."""
    return list(settings().signing_keys)
