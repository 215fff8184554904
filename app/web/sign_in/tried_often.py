"""Somebody is told that another may be trying to get in."""

from app.emails import queue
from app.emails.kind import Kind
from app.extensions import db
from app.lib.time.clock import now
from app.models import User
from app.tasks import Task, enqueue
from app.web.sign_in import tries


def tell(user: User, kind: Kind) -> None:
    """Of many wrong passwords or codes, once a day."""
    at = now()
    once = f"{kind.key} {user.id} {at:%Y-%m-%d}"
    told = queue.write(user, kind, {"tries": tries.MANY.amount}, at, once=once)
    db.session.commit()
    if told:
        enqueue(Task.SEND_USER_EMAILS)
