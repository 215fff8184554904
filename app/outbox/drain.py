"""Sends what is due: claim, call the provider without holding the database, record."""

from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor, as_completed
from dataclasses import dataclass
from datetime import datetime
from time import monotonic

import structlog
from sqlalchemy import select

from app import tasks
from app.channels import CHANNELS
from app.extensions import db, settings
from app.lib.clock import now as clock_now
from app.lib.vault import VaultError
from app.models import Message, Tenant
from app.outbox import record
from app.outbox.claim import claim
from app.outbox.consent import refuse_stopped
from app.outbox.sender import account
from app.providers import provider
from app.providers.base import Accepted, Account, Outcome, Outgoing, SendError

BATCH = 32
ROUND_SECONDS = 5
NO_ACCOUNT = SendError(
    "No Twilio account is connected. An admin can enter one in the settings.", Outcome.REFUSED
)
NOT_CONNECTED = SendError("This channel is not connected.", Outcome.REFUSED)
UNREADABLE_ACCOUNT = SendError(
    "The stored Twilio token cannot be read. An admin must enter it again.", Outcome.REFUSED
)

log = structlog.get_logger()


@dataclass(frozen=True)
class Job:
    """All that sending takes, without the database."""

    message: record.Claimed
    outgoing: Outgoing
    account: Account | SendError


def drain(now: datetime) -> int:
    """Send what is due; how many messages were tried.

    After a while it rings for the next round, so that a worker that is asked to stop can.
    """
    refuse_stopped(now)
    tried, until = 0, monotonic() + ROUND_SECONDS
    with ThreadPoolExecutor(BATCH, thread_name_prefix="send") as pool:
        while messages := claim(now, BATCH):
            tried += len(messages)
            _send_all(list(_jobs(messages)), pool)
            if monotonic() > until:
                tasks.ring(tasks.Task.DRAIN_OUTBOX)
                break
    return tried


def _jobs(messages: list[Message]) -> Iterator[Job]:
    ids = {message.tenant_id for message in messages}
    tenants = {t.id: t for t in db.session.scalars(select(Tenant).where(Tenant.id.in_(ids)))}
    for message in messages:
        tenant = tenants[message.tenant_id]
        yield Job(record.Claimed.of(message), _outgoing(message, tenant), _account(tenant))


def _outgoing(message: Message, tenant: Tenant) -> Outgoing:
    callback = f"{settings().public_url}/api/twilio/{tenant.slug}/message-status"
    return Outgoing(
        channel=CHANNELS[message.channel],
        sender=message.sender,
        recipient=message.recipient,
        body=message.body,
        callback_url=f"{callback}?mid={message.public_id}",
    )


def _account(tenant: Tenant) -> Account | SendError:
    try:
        return account(tenant) or NO_ACCOUNT
    except VaultError:
        return UNREADABLE_ACCOUNT


def _send_all(jobs: list[Job], pool: ThreadPoolExecutor) -> None:
    # Nothing of the database is held while the provider takes its time.
    db.session.remove()
    sending = {pool.submit(_send, job): job for job in jobs}
    for done in as_completed(sending):
        _record(sending[done], done)


def _send(job: Job) -> Accepted:
    if isinstance(job.account, SendError):
        raise job.account
    carrier = provider(job.outgoing.channel.provider)
    if carrier is None:
        raise NOT_CONNECTED
    return carrier.send(job.account, job.outgoing)


def _record(job: Job, done: "Future[Accepted]") -> None:
    try:
        record.accepted(job.message, done.result())
    except SendError as error:
        log.info("not_sent", message=job.message.id, outcome=error.outcome, code=error.code)
        record.failed(job.message, error, clock_now())
