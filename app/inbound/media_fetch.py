"""Fetches the pictures and files that came with messages, and keeps them with the message."""

from collections.abc import Callable
from datetime import datetime, timedelta

import structlog
from sqlalchemy import Row, select, update

from app import live, tasks
from app.channels import CHANNELS
from app.extensions import db
from app.lib import shutdown
from app.lib.fault import place
from app.lib.file_names import cleaned, said
from app.lib.safe_media import kept_as
from app.lib.text.cleaning import clean
from app.lib.time.clock import running
from app.lib.vault import VaultError
from app.models import Media, Message, Tenant
from app.outbox.sender import account_used
from app.outbox.settle.dead_letters import bury_media
from app.providers import provider
from app.providers.contract import Fetched, Outcome, SendError
from app.tenancy import key_of, tenant_scope, unscoped

# With the growing lease, two hours: Twilio may need a moment before its media can be fetched, and
# comes back from an outage; what still fails then stands aside until the operator says so.
MOST_ATTEMPTS = 10
LEASE = timedelta(minutes=2)
NOT_FETCHED = (
    "The attachment could not be fetched because of a fault of ours. Our operator sees it."
)
ANOTHER_ACCOUNT = (
    "The Twilio account that this attachment came by was changed before it could be fetched. Ask"
    " the customer to send it again."
)

log = structlog.get_logger()


def fetch_due(now: datetime) -> int:
    """Fetch the attachments that are due, one by one, within a time slice; how many were tried."""
    tried, clock = 0, running(now)
    while not shutdown.requested() and (claimed := _claim(clock())):
        tried += 1
        with tenant_scope(claimed.tenant_id):
            _try(claimed.id, claimed.attempts, clock)
        db.session.remove()
        if clock() > now + tasks.SLOW_TIME_SLICE:
            tasks.enqueue(tasks.Task.FETCH_MEDIA)
            break
    return tried


def _claim(now: datetime) -> Row[int, int, int] | None:
    """The next one, pushed back first: if its fetcher dies, it comes up again."""
    due = (
        select(*key_of(Media))
        .where(Media.state == "waiting", Media.fetch_after <= now)
        .order_by(Media.fetch_after)
        .limit(1)
        .with_for_update(skip_locked=True)
        .scalar_subquery()
    )
    taken = (
        update(Media)
        .where(key_of(Media) == due)
        .values(attempts=Media.attempts + 1, fetch_after=now + LEASE * (Media.attempts + 1))
        .returning(Media.tenant_id, Media.id, Media.attempts)
        .execution_options(synchronize_session=False)
    )
    with unscoped("attachments of all tenants wait in one line"):
        row = db.session.execute(taken).one_or_none()
        db.session.commit()
    return row


def _try(media_id: int, attempts: int, clock: Callable[[], datetime]) -> None:
    """Each stands alone: whatever breaks over one, the next is fetched."""
    if attempts > MOST_ATTEMPTS:
        return _bury(media_id, "Each worker that fetched it ended before it had it.", clock())
    try:
        _fetch(media_id, clock)
    except Exception as error:
        log.error("media_fault", media=media_id, fault=place(error))
        db.session.rollback()
        if attempts >= MOST_ATTEMPTS:
            _bury(media_id, place(error), clock())


def _bury(media_id: int, reason: str, now: datetime) -> None:
    media = db.session.get_one(Media, media_id)
    media.state, media.error = "failed", NOT_FETCHED
    bury_media(media_id, media.attempts, reason, now)
    db.session.commit()


def _fetch(media_id: int, clock: Callable[[], datetime]) -> None:
    media = db.session.get_one(Media, media_id)
    message = db.session.get_one(Message, media.message_id)
    customer_id, tenant_id = message.customer_id, message.tenant_id
    try:
        fetched = _download(message, media.url)
    except SendError as error:
        log.info("media_not_fetched", media=media_id, outcome=error.outcome)
        media.fetch_after = clock() + LEASE * media.attempts
        spent = media.attempts >= MOST_ATTEMPTS
        if error.outcome is Outcome.REFUSED or spent:
            media.state, media.error = "failed", error.reason
        if error.outcome is not Outcome.REFUSED and spent:
            bury_media(media_id, media.attempts, error.for_the_operator, clock())
    else:
        _keep(media, message, fetched)
    db.session.commit()
    live.publish(tenant_id, customer_id)


def _keep(media: Media, message: Message, fetched: Fetched) -> None:
    """The file as what it is."""
    media.content_type = kept_as(media.content_type, fetched.content)
    name = cleaned(clean(fetched.name)) or said(message.body, media.content_type)
    media.state, media.content, media.name = "stored", fetched.content, name


def _download(message: Message, url: str) -> Fetched:
    tenant = db.session.get_one(Tenant, message.tenant_id)
    channel = CHANNELS[message.channel]
    carrier = provider(channel.provider)
    try:
        vouching = account_used(tenant, channel, message.account_sid)
    except VaultError as error:
        raise SendError("The stored Twilio token cannot be read.", Outcome.RETRY) from error
    if carrier is None or vouching is None:
        raise SendError(ANOTHER_ACCOUNT, Outcome.REFUSED)
    # Nothing of the database is held while Twilio takes its time.
    db.session.rollback()
    return carrier.fetch(vouching, url)
