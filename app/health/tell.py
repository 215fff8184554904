"""Tells a business's admins of what became worse, by one email."""

from collections.abc import Collection
from datetime import datetime

from app.emails import queue
from app.emails.kinds import messaging_trouble
from app.extensions import db
from app.health.finding import Finding, State
from app.models import Tenant
from app.tenancy import current_tenant_id
from app.users.user_access import admins

KIND = messaging_trouble.KIND


def worse(before: Collection[Finding], found: Collection[Finding]) -> list[Finding]:
    """What is worse than when it was last looked at; nothing at the first time."""
    ranks = {finding.check: finding.state.rank for finding in before}
    return [
        each for each in found if before and each.state.rank < ranks.get(each.check, State.OK.rank)
    ]


def tell(news: Collection[Finding], now: datetime) -> bool:
    """Whether an email was written, which is sent after the caller's commit; who then rings for
    SEND_USER_EMAILS."""
    if not news:
        return False
    tenant = db.session.get_one(Tenant, current_tenant_id())
    values = {"business": tenant.name, "told": "\n\n".join(map(_told, news))}
    day = f"{now:%Y-%m-%d} {' '.join(sorted(each.check for each in news))}"
    written = [
        queue.write(admin, KIND, values, now, once=f"{KIND.key} {admin.id} {day}")
        for admin in admins()
    ]
    return any(written)


def _told(finding: Finding) -> str:
    return f"{finding.sentence}\nWhat to do: {finding.next_step}"
