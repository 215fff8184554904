"""An email to those who were named in a note and have not seen it: they were not there."""

from datetime import datetime

from sqlalchemy import select, update

from app import tasks
from app.emails import queue
from app.emails.kinds import mention
from app.extensions import db
from app.inbox.team import mentions, staff_rights
from app.lib.text.cleaning import one_line
from app.models import Conversation, Tenant, User, UserNotice
from app.tenancy import current_tenant_id, tenant_scope, unscoped

AT_ONCE = 100


def tell_those_away(now: datetime) -> None:
    """Write the emails whose time has come, each once; then enqueue SEND_USER_EMAILS."""
    wrote = [_tell(tenant_id, notice_id, now) for tenant_id, notice_id in _due(now)]
    if any(wrote):
        tasks.enqueue(tasks.Task.SEND_USER_EMAILS)


def _due(now: datetime) -> list[tuple[int, int]]:
    due = select(UserNotice.tenant_id, UserNotice.id).where(UserNotice.email_at <= now)
    with unscoped("notices of all tenants become due"):
        found = db.session.execute(due.order_by(UserNotice.email_at).limit(AT_ONCE)).all()
        db.session.rollback()
    return [(tenant_id, id_) for tenant_id, id_ in found]


def _tell(tenant_id: int, notice_id: int, now: datetime) -> bool:
    """Whether an email was written: the notice is still unread, and nobody else has taken it."""
    taken = (
        update(UserNotice)
        .where(UserNotice.id == notice_id, UserNotice.email_at.is_not(None))
        .where(UserNotice.read_at.is_(None))
        .values(email_at=None)
        .returning(UserNotice)
        .execution_options(synchronize_session=False)
    )
    with tenant_scope(tenant_id):
        notice = db.session.scalar(taken)
        wrote = _write(notice, now) if notice else False
        db.session.commit()
        db.session.remove()
    return wrote


def _write(notice: UserNotice, now: datetime) -> bool:
    user = _addressee(notice)
    if user is None or notice.note is None:
        return False
    text = mentions.told(notice.note.body, mentions.names([notice.note]))
    values = {
        "who": one_line(str(notice.user or "Somebody")),
        "business": db.session.get_one(Tenant, current_tenant_id()).name,
        "customer": one_line(notice.customer.name),
        "customer_id": notice.customer_id,
        "text": text,
    }
    return queue.write(user, mention.KIND, values, now, f"notice-{notice.id}")


def _addressee(notice: UserNotice) -> User | None:
    """Unless they do not see the conversation: the notice waits until it is assigned to them."""
    talk = select(Conversation.assignee_id).where(Conversation.customer_id == notice.customer_id)
    query = select(User).where(User.id == notice.recipient_id, User.active)
    if found := db.session.execute(talk).first():
        query = query.where(staff_rights.seeing(found.assignee_id))
    return db.session.scalar(query)
