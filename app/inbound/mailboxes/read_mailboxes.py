"""Reads the mailboxes that are due, several side by side: one that answers slowly, or not at all,
takes a thread for a while and keeps nobody else waiting.

On the threads there is no database: they ask and answer. What they found is stored here.
"""

from collections.abc import Callable
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from datetime import datetime, timedelta
from functools import partial
from time import monotonic

from app import tasks
from app.extensions import db
from app.inbound.mailboxes import mailbox_state
from app.inbound.mailboxes.mailbox_access import access_to, keep, renewal
from app.inbound.mailboxes.mailbox_lease import put_back, take
from app.inbound.mailboxes.store_mail import store_turn
from app.lib import shutdown
from app.lib.time.clock import running
from app.models import Mailbox
from app.outbox.delivery.job import GLANCE_SECONDS, callers
from app.providers.imap import MailboxError, Mark, Turn, read_new
from app.providers.oauth import Tokens
from app.tenancy import tenant_scope

AT_ONCE = 6
# Longer than a time slice, a token and a turn together.
PATIENCE_SECONDS = 100.0
# Where a server has numbered its mails anew, so much of what was read is gone through once more.
OVERLAP = timedelta(days=7)

Answer = Tokens | Turn
Calls = dict["Future[Answer]", Mailbox]


def read_mailboxes(now: datetime) -> int:
    """Read those that are due, the one that has waited longest first, for a time slice; how many
    were."""
    taken, clock, until = 0, running(now), monotonic() + PATIENCE_SECONDS
    with callers(AT_ONCE, "mailbox") as pool:
        calls: Calls = {}
        while monotonic() < shutdown.sooner(until):
            taken += _take_some(pool, calls, clock, now)
            if not calls:
                break
            for done in wait(calls, GLANCE_SECONDS, FIRST_COMPLETED).done:
                _go_on(pool, calls, done, clock())
        for unfinished in calls.values():
            with tenant_scope(unfinished.tenant_id):
                put_back(unfinished, clock())
    db.session.remove()
    return taken


def _take_some(
    pool: ThreadPoolExecutor, calls: Calls, clock: Callable[[], datetime], begun: datetime
) -> int:
    """As many as there are free threads; after the time slice none, and the task is enqueued."""
    taken = 0
    while len(calls) < AT_ONCE and not shutdown.requested():
        if clock() > begun + tasks.SLOW_TIME_SLICE:
            tasks.enqueue(tasks.Task.READ_MAILBOXES)
            break
        mailbox = take(clock())
        if mailbox is None:
            break
        taken += 1
        with tenant_scope(mailbox.tenant_id), mailbox_state.told(mailbox, clock()):
            calls[pool.submit(renewal(mailbox, clock()) or _reading(mailbox))] = mailbox
    return taken


def _reading(mailbox: Mailbox) -> Callable[[], Turn]:
    """Raises MailboxError."""
    mark = Mark(mailbox.uid_validity, mailbox.last_uid, mailbox.anew_since)
    return partial(read_new, access_to(mailbox), mark, (mailbox.last_ok_at - OVERLAP).date())


def _go_on(pool: ThreadPoolExecutor, calls: Calls, done: "Future[Answer]", now: datetime) -> None:
    """After its token a mailbox is read; what was read is stored."""
    mailbox = calls.pop(done)
    with tenant_scope(mailbox.tenant_id), mailbox_state.told(mailbox, now):
        answer = done.result()
        if isinstance(answer, Turn):
            _finish(mailbox, answer, now)
        elif keep(mailbox, answer):
            calls[pool.submit(_reading(mailbox))] = mailbox
    db.session.remove()


def _finish(mailbox: Mailbox, turn: Turn, now: datetime) -> None:
    """Raises MailboxError where it ended before its time."""
    if store_turn(mailbox, turn, now) and turn.trouble:
        raise MailboxError(turn.trouble)
    mailbox_state.was_read(mailbox, turn, now)
