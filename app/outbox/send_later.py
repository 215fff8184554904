"""Messages that staff wrote and that go later: kept, changed, called off, sent at their time.

Such a message is a row of its own until then (docs/adr/0024-send-later.md): nobody's queue, thread
or list has it before it goes, and by which way it goes, and whether, is decided at its time.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

import structlog
from sqlalchemy import ColumnElement, Integer, and_, delete, func, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import joinedload, selectinload, undefer

from app import live, tasks
from app.channels import CHANNELS
from app.extensions import db
from app.lib import shutdown
from app.lib.fault import place
from app.lib.time.clock import running
from app.models import Customer, DraftFile, Message, ScheduledMessage
from app.outbox import transitions
from app.outbox.compose import drafts, posted_before
from app.outbox.compose.approved_template import Filled
from app.outbox.compose.attachments import Checked, Upload
from app.outbox.compose.content import Content
from app.outbox.compose.delivery_route import DeliveryRoute
from app.outbox.compose.drafts import Begun, InDraft
from app.outbox.compose.manual_message import Prepared, prepare, put
from app.outbox.queue import stop_asked
from app.outbox.refused import Refused
from app.prepared import Prepared as PreparedSelect
from app.prepared import Question, given
from app.tenancy import tenant_scope, unscoped

FARTHEST = timedelta(days=366)
OVER = "That time is over already. Choose a later one."
TOO_FAR = "Choose a time within a year."
# What could not go for so long (nothing of ours ran, nobody decided) was written for another hour.
LATEST = timedelta(hours=3)
TOO_LATE = (
    "It could not go at its time, and it is too late for it to go by itself. If it still holds, try"
    " again."
)
GONE = "It is too late: the message has left, or was called off."
# So many stand on a page.
MOST = 200
# So long a call goes on; then it is enqueued for what is left, behind what people wait for.
TIME_SLICE = timedelta(seconds=2)
# Of a tenant, before it is looked again who waits.
EACH = 20

_ANYTHING = PreparedSelect(
    int,
    select(ScheduledMessage.id)
    .where(ScheduledMessage.customer_id == given("customer_id", Integer()))
    .limit(1),
)

log = structlog.get_logger()


@dataclass(frozen=True)
class Written:
    """What somebody wrote, and wants to be sent."""

    channel: str
    body: str
    subject: str = ""
    uploads: Sequence[Upload] = ()
    template: Filled | None = None
    draft: InDraft | None = None


def schedule(
    customer: Customer,
    what: Written,
    send_at: datetime,
    now: datetime,
    author_id: int | None = None,
    client_token: str | None = None,
) -> ScheduledMessage | Message:
    """Keep the message until its time, and commit. A client_token that was used before gives what
    it made. Raises Refused where it could not be sent now either (and SentAlready, as compose), and
    NoSuchFile."""
    if known := _posted_before(client_token, customer, what):
        return known
    _check(send_at, now)
    prepared = prepare(
        customer,
        what.channel,
        what.body,
        now,
        what.uploads,
        what.template,
        what.subject,
        draft=what.draft,
    )
    row = ScheduledMessage(
        customer_id=customer.id,
        author_id=author_id,
        channel=what.channel,
        body=prepared.content.body,
        subject=what.subject,
        content_sid=what.template.content_sid if what.template else None,
        content_variables=what.template.variables if what.template else None,
        sender=prepared.path.sender,
        recipient=prepared.path.recipient,
        send_at=send_at,
        created_at=now,
        client_token=client_token,
    )
    try:
        db.session.add(row)
        db.session.flush()
        _keep_files(row, prepared, what.draft, now)
    except IntegrityError:
        # The same form, posted twice at once.
        db.session.rollback()
        if known := _posted_before(client_token, customer, what):
            return known
        raise
    db.session.commit()
    live.publish(row.tenant_id, customer.id)
    return row


def _posted_before(
    client_token: str | None, customer: Customer, what: Written
) -> ScheduledMessage | Message | None:
    said = None if what.template else what.body
    if waits := posted_before.scheduled(client_token):
        return posted_before.same(waits, customer.id, said)
    sent = posted_before.message(client_token)
    return sent and posted_before.same(sent, customer.id, said)


def _check(send_at: datetime, now: datetime) -> None:
    if send_at <= now:
        raise Refused(OVER)
    if send_at > now + FARTHEST:
        raise Refused(TOO_FAR)


def _keep_files(
    row: ScheduledMessage, prepared: Prepared, draft: InDraft | None, now: datetime
) -> None:
    """They go with the message from now on; the draft is no draft any more."""
    for file in prepared.kept:
        file.scheduled_id, file.user_id = row.id, None
    for upload in prepared.files[: len(prepared.files) - len(prepared.kept)]:
        db.session.add(_row_of(upload, row, now))
    if draft:
        drafts.sent(draft, row.customer_id, ())
    db.session.flush()


def _row_of(upload: Checked, row: ScheduledMessage, now: datetime) -> DraftFile:
    return DraftFile(
        customer_id=row.customer_id,
        scheduled_id=row.id,
        name=upload.name,
        content_type=upload.kind,
        size=len(upload.content),
        created_at=now,
        content=upload.content,
    )


def waiting(customer_id: int | None = None) -> Sequence[ScheduledMessage]:
    """What goes later to the customer, or (None) to everybody, the soonest first; at most MOST."""
    query = select(ScheduledMessage).order_by(ScheduledMessage.send_at, ScheduledMessage.id)
    if customer_id is not None:
        query = query.where(ScheduledMessage.customer_id == customer_id)
    loads = joinedload(ScheduledMessage.author), joinedload(ScheduledMessage.customer)
    query = query.options(*loads, selectinload(ScheduledMessage.files)).limit(MOST)
    return db.session.scalars(query).all()


def is_anything_waiting(customer_id: int) -> Question[bool]:
    """Whether waiting() finds anything for the customer."""
    return _ANYTHING.question(bool, customer_id=customer_id)


def change_time(row: ScheduledMessage, send_at: datetime, now: datetime) -> None:
    """Raises Refused for a time that cannot be, and where the message has left. Commits."""
    _check(send_at, now)
    _move(row, send_at)


def send_now(row: ScheduledMessage, now: datetime) -> None:
    """Raises Refused where it has left, and while it is undecided whether they want it. Commits."""
    if stop_asked.undecided(row.customer_id):
        raise Refused(stop_asked.UNDECIDED)
    _move(row, now)
    tasks.enqueue(tasks.Task.DISPATCH)


def _move(row: ScheduledMessage, send_at: datetime) -> None:
    moved = update(ScheduledMessage).where(ScheduledMessage.id == row.id).values(send_at=send_at)
    _changed(row, db.session.scalar(moved.returning(ScheduledMessage.id)))


def call_off(row: ScheduledMessage, user_id: int | None, now: datetime, edit: bool) -> Begun:
    """It is not sent; to edit it, what it said is in the draft of the user (an operator's, None, is
    only given back), with its files. Raises Refused where it has left. Commits."""
    found = db.session.scalar(
        select(ScheduledMessage.id).where(ScheduledMessage.id == row.id).with_for_update()
    )
    begun = Begun()
    if found and edit and row.content_sid is None:
        said = Begun(row.body, row.subject, row.channel)
        begun = drafts.put_before(user_id, row.customer_id, said, now)
        whose = {"scheduled_id": None, "user_id": user_id, "created_at": now}
        db.session.execute(
            update(DraftFile).where(DraftFile.scheduled_id == row.id).values(**whose)
        )
    gone = delete(ScheduledMessage).where(ScheduledMessage.id == row.id)
    _changed(row, db.session.scalar(gone.returning(ScheduledMessage.id)))
    return begun


def _changed(row: ScheduledMessage, found: int | None) -> None:
    if found is None:
        db.session.rollback()
        raise Refused(GONE)
    tenant_id, customer_id = row.tenant_id, row.customer_id
    db.session.commit()
    live.publish(tenant_id, customer_id)


def send_due(now: datetime) -> int:
    """Put what is due into the outbox, for a TIME_SLICE, each business in turn and each message in
    its transaction, so that it is there once; how many. What is left then is enqueued.

    One over which our code breaks keeps nothing else waiting, and is tried again by the next call.
    """
    sent, left, clock = 0, set[int](), running(now)
    for tenant_id, row_id in _in_turn(now, left):
        if _went(tenant_id, row_id, now):
            sent += 1
        else:
            left.add(row_id)
        if shutdown.requested():
            break
        if clock() >= now + TIME_SLICE:
            tasks.enqueue(tasks.Task.DISPATCH)
            break
    if sent:
        tasks.enqueue(tasks.Task.DRAIN_OUTBOX)
    return sent


def _in_turn(now: datetime, left: set[int]) -> Iterator[tuple[int, int]]:
    """The tenant and the id of each that is due and not left: the first of each business, then the
    second of each."""
    turn = func.row_number().over(
        partition_by=ScheduledMessage.tenant_id,
        order_by=(ScheduledMessage.send_at, ScheduledMessage.id),
    )
    while True:
        line = (
            select(ScheduledMessage.tenant_id, ScheduledMessage.id, turn.label("turn"))
            .where(_due(now), ScheduledMessage.id.not_in(left))
            .subquery()
        )
        query = select(line.c.tenant_id, line.c.id).where(line.c.turn <= EACH)
        with unscoped("what goes later waits in a line for each tenant"):
            found = db.session.execute(query.order_by(line.c.turn, line.c.id)).all()
            db.session.rollback()
        if not found:
            return
        yield from ((row.tenant_id, row.id) for row in found)


def _due(now: datetime) -> ColumnElement[bool]:
    """One to somebody who may want no more messages waits until a person has decided."""
    return and_(ScheduledMessage.send_at <= now, ~stop_asked.waits(ScheduledMessage))


def _went(tenant_id: int, row_id: int, now: datetime) -> bool:
    """Whether it did: it is still due, and nobody else has it."""
    with tenant_scope(tenant_id):
        query = select(ScheduledMessage).where(ScheduledMessage.id == row_id, _due(now))
        try:
            row = db.session.scalar(query.with_for_update(of=ScheduledMessage, skip_locked=True))
            customer_id = _hand_over(row, now) if row else None
            db.session.commit()
        except Exception as error:
            log.error("not_handed_over", scheduled=row_id, fault=place(error))
            db.session.rollback()
            return False
    if customer_id is not None:
        live.publish(tenant_id, customer_id)
    return customer_id is not None


def _hand_over(row: ScheduledMessage, now: datetime) -> int:
    """Make it a message of the outbox, or, where it cannot go any more, one that has failed and
    says why; whose it is."""
    customer = db.session.get_one(Customer, row.customer_id)
    if posted_before.message(row.client_token):
        # The form was posted for now and for later at once.
        db.session.delete(row)
        return customer.id
    try:
        prepared, refused = _prepared(row, customer, now), None
    except Refused as why:
        prepared, refused = _as_written(row), str(why)
    message = put(
        customer,
        prepared,
        now,
        now,
        author_id=row.author_id,
        client_token=row.client_token or f"scheduled-{row.id}",
        by_hand=refused is None,
    )
    if refused:
        db.session.execute(transitions.expire([Message.id == message.id], refused))
    db.session.delete(row)
    db.session.flush()
    return customer.id


def _prepared(row: ScheduledMessage, customer: Customer, now: datetime) -> Prepared:
    """Raises Refused where it cannot go, or not any more."""
    if now > row.send_at + LATEST:
        raise Refused(TOO_LATE)
    uploads = [Upload(file.name, file.content) for file in _files(row)]
    return prepare(customer, row.channel, row.body, now, uploads, _template(row), row.subject)


def _as_written(row: ScheduledMessage) -> Prepared:
    """As it would have gone when it was written."""
    channel = CHANNELS[row.channel]
    content = Content(row.body, row.subject if channel.has_subject else "", template=_template(row))
    files = [Checked(file.name, file.content, file.content_type) for file in _files(row)]
    return Prepared(DeliveryRoute(channel, row.sender, row.recipient), content, files)


def _files(row: ScheduledMessage) -> Sequence[DraftFile]:
    query = select(DraftFile).where(DraftFile.scheduled_id == row.id).order_by(DraftFile.id)
    return db.session.scalars(query.options(undefer(DraftFile.content))).all()


def _template(row: ScheduledMessage) -> Filled | None:
    if row.content_sid is None:
        return None
    return Filled(row.content_sid, row.content_variables or {}, row.body)
