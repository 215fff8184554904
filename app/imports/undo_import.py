"""Takes back what a file made and changed, where nobody has touched it since.

A batch of changes goes with the note that it is behind us: whoever is killed leaves nothing half
undone, and nothing is undone twice.
"""

from collections.abc import Callable
from datetime import datetime
from typing import Any

from sqlalchemy import or_, select
from sqlalchemy.exc import DataError, IntegrityError, OperationalError

from app import events
from app.appointments import commands
from app.customers.lock_customer import lock_customer
from app.extensions import Model, db
from app.imports import transitions
from app.imports.change_log import KINDS, values
from app.imports.told_of import TOLD
from app.lib.time.clock import wall_time
from app.models import (
    Appointment,
    ConsentEvent,
    ContactPoint,
    Customer,
    CustomerWords,
    FileImport,
    ImportChange,
    MarketingConsent,
    Message,
    Notification,
    NotificationStatus,
    Service,
    StaffMember,
    Tenant,
)
from app.notifications.planning.bulk_lock import take_bulk_lock
from app.notifications.planning.history import told
from app.outbox.queue.opt_out import take_back_told

MOST_REASONS = 200
TOUCHED = "it was changed since: it stays as it is"


class Kept(ValueError):
    """It cannot be undone; the text says why."""


def undo_batch(upload: FileImport, size: int, now: datetime) -> None:
    """The next changes, the last made first."""
    take_bulk_lock()
    left = ImportChange.import_id == upload.id, ImportChange.kept.is_(None)
    some = select(ImportChange).where(*left, ImportChange.what != TOLD)
    changes = db.session.scalars(some.order_by(ImportChange.id.desc()).limit(size)).all()
    for change in changes:
        _undo(upload, change, now)
    if len(changes) < size:
        transitions.undone(upload, now)


def _undo(upload: FileImport, change: ImportChange, now: datetime) -> None:
    try:
        # What is put right sets off no rules, as what a file says.
        with events.acting(None), db.session.begin_nested():
            stays = _take_back(change, now)
    except (Kept, commands.Refused) as reason:
        _keep(upload, change, str(reason))
    except (IntegrityError, DataError, OperationalError):
        _keep(upload, change, TOUCHED)
    else:
        upload.undone += 1
        if stays:
            _keep(upload, change, stays)
        else:
            db.session.delete(change)


def _keep(upload: FileImport, change: ImportChange, reason: str) -> None:
    change.kept = reason
    upload.reasons = [*upload.reasons, [change.line, reason]][:MOST_REASONS]


def _take_back(change: ImportChange, now: datetime) -> str | None:
    """What of it stays, and why; None: nothing. Raises Kept where all of it does, and Refused."""
    kind = KINDS[change.what]
    query = select(kind).where(kind.id == change.row_id).with_for_update()
    row = db.session.scalar(query.execution_options(populate_existing=True))
    if row is None:
        # Somebody has deleted it, or it went with its customer.
        return None
    if change.before is not None:
        return _restore(change, row, now)
    if values(row, change.after) != change.after:
        raise Kept(f"{_named(row)} was changed since: it stays")
    REMOVE[kind](row, change, now)
    return None


def _restore(change: ImportChange, row: Any, now: datetime) -> str | None:
    """The former values, where those of the file still stand."""
    before = change.before or {}
    mine = [name for name in before if values(row, [name])[name] == change.after.get(name)]
    former = {name: _read(name, before[name]) for name in mine}
    if isinstance(row, Appointment):
        _move_back(row, former, change, now)
    for name, value in former.items():
        setattr(row, name, value)
    db.session.flush()
    return None if len(mine) == len(before) else f"{_named(row)} was changed since: that stays"


def _move_back(
    row: Appointment, former: dict[str, Any], change: ImportChange, now: datetime
) -> None:
    if former.keys() & {"starts_at", "status"} and _told_since(row, change.at):
        raise Kept(f"the customer was told of the appointment of {_when(row)}: it stays")
    commands.alter(row.id, now, **former)


def _told_since(row: Appointment, at: datetime) -> bool:
    sent = Notification.status == NotificationStatus.SENT, Notification.decided_at >= at
    of_it = select(Notification.id).where(Notification.appointment_id == row.id, *sent)
    return db.session.scalar(of_it.limit(1)) is not None


def _read(name: str, value: Any) -> Any:
    return datetime.fromisoformat(value) if value and name.endswith("_at") else value


def _remove_appointment(row: Appointment, _change: ImportChange, now: datetime) -> None:
    if told(row):
        raise Kept(f"the customer was told of the appointment of {_when(row)}: it stays")
    commands.remove(row, now)


def _when(row: Appointment) -> str:
    tenant = db.session.get_one(Tenant, row.tenant_id)
    return f"{wall_time(row.starts_at, tenant.timezone):%Y-%m-%d %H:%M}"


def _remove_customer(row: Customer, change: ImportChange, _now: datetime) -> None:
    lock_customer(row.id)
    if any(_has(kind.customer_id == row.id) for kind in _of_customers()):
        raise Kept(f"{_named(row)} has been written to or booked since: they stay")
    # An address of theirs that was changed is noted as kept.
    changed = ImportChange.what == "contact_point", ImportChange.kept.is_not(None)
    theirs = ImportChange.after["customer_id"].as_integer() == row.id
    added = ContactPoint.customer_id == row.id, ContactPoint.created_at != row.created_at
    if _has(ImportChange.import_id == change.import_id, *changed, theirs) or _has(*added):
        raise Kept(f"{_named(row)} was changed since: they stay")
    db.session.delete(row)
    db.session.flush()


def _of_customers() -> list[Any]:
    """All that hangs on a customer but how they are found."""
    kinds = (mapper.class_ for mapper in Model.registry.mappers)
    apart = (ContactPoint, CustomerWords)
    return [kind for kind in kinds if hasattr(kind, "customer_id") and kind not in apart]


def _has(*conditions: Any) -> bool:
    """Whether there is a row of the kind of the first condition for which all hold."""
    kind = conditions[0].left.entity_namespace
    return db.session.scalar(select(kind.tenant_id).where(*conditions).limit(1)) is not None


def _remove_address(row: ContactPoint, change: ImportChange, _now: datetime) -> None:
    """Where the file made its customer, it goes with them, or stays with them."""
    made = ImportChange.what == "customer", ImportChange.before.is_(None)
    theirs = ImportChange.row_id == row.customer_id
    if _has(ImportChange.import_id == change.import_id, *made, theirs):
        return
    here = or_(Message.sender == row.address, Message.recipient == row.address)
    if _has(Message.customer_id == row.customer_id, here):
        raise Kept(f"{row.address} has been written to: it stays")
    db.session.delete(row)
    db.session.flush()


def _remove_named(row: Service | StaffMember, _change: ImportChange, _now: datetime) -> None:
    column = Appointment.service_id if isinstance(row, Service) else Appointment.staff_member_id
    if _has(column == row.id):
        raise Kept(f"{row.name} has appointments: it stays")
    db.session.delete(row)
    db.session.flush()


def _take_word_back(row: ConsentEvent, _change: ImportChange, now: datetime) -> None:
    if row.said == "start":
        # Nobody said it: the ledger is not to prove it.
        db.session.delete(row)
    elif not take_back_told(row, now):
        raise Kept(f"{row.address} has said something since: that stands")


def _take_offer_back(row: MarketingConsent, _change: ImportChange, _now: datetime) -> None:
    """Nobody said it: the ledger is not to prove it."""
    db.session.delete(row)


def _named(row: Model) -> str:
    return str(getattr(row, "name", "") or getattr(row, "address", "") or "it")


REMOVE: dict[type[Any], Callable[[Any, ImportChange, datetime], None]] = {
    Appointment: _remove_appointment,
    Customer: _remove_customer,
    ContactPoint: _remove_address,
    Service: _remove_named,
    StaffMember: _remove_named,
    ConsentEvent: _take_word_back,
    MarketingConsent: _take_offer_back,
}
