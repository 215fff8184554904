"""A worker that does what a line of its standard input asks for, and answers each with the seconds
of the processor's time that it took: `python -m bench.growth.worker`."""

import sys
import time
from collections.abc import Callable

from sqlalchemy import select

import wsgi
from app.extensions import db
from app.lib.time.clock import now
from app.models import Customer, Notification, NotificationStatus, Tenant
from app.notifications.dispatch import dispatch
from app.outbox.drain import drain
from app.tenancy import tenant_scope
from bench.crowd import GARAGE, business, customer, remind
from bench.crowd import SALON as NUMBER
from bench.diary import fill as fill_diary
from bench.sending import waiting

SALON = 1
BUSINESSES = 8


def open_up(_count: int) -> None:
    """Let the salon have a number, and let there be businesses beside it that send by theirs."""
    salon = db.session.get_one(Tenant, SALON)
    salon.sms_from, salon.sms_pace, salon.segments_a_day = NUMBER, 1000, 1_000_000
    salon.quiet_from = salon.quiet_until = None
    for number in range(BUSINESSES):
        garage = business(f"garage{number}", f"{GARAGE[:-1]}{number}")
        with tenant_scope(garage.id):
            customer("+12125550143")


def fill_due(count: int) -> None:
    """So many reminders of the salon are due."""
    fill_diary(db.session.get_one(Tenant, SALON), count, now())


def dispatch_all(_count: int) -> None:
    """Raises RuntimeError where one is not sent."""
    while dispatch(now()):
        pass
    left = Notification.status != NotificationStatus.SENT, Notification.due_at <= now()
    with tenant_scope(SALON):
        if reason := db.session.scalar(select(Notification.reason).where(*left).limit(1)):
            raise RuntimeError(reason)


def fill_outbox(count: int) -> None:
    """So many messages of the other businesses wait, and no reminders before them."""
    send_all(count)
    for garage in db.session.scalars(select(Tenant).where(Tenant.id != SALON)).all():
        with tenant_scope(garage.id):
            remind(garage, db.session.scalars(select(Customer.id)).one(), count // BUSINESSES)


def send_all(_count: int) -> None:
    while waiting():
        drain(now())


WORK: dict[str, Callable[[int], None]] = {
    each.__name__: each for each in (open_up, fill_due, dispatch_all, fill_outbox, send_all)
}


def main() -> None:
    with wsgi.build().app_context():
        for line in sys.stdin:
            name, count = line.split()
            begin = time.process_time()
            WORK[name](int(count))
            db.session.remove()
            print(time.process_time() - begin, flush=True)


if __name__ == "__main__":
    main()
