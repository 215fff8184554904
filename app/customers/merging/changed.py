"""What a merge changes of rows that stay where they are; each [which, before, after], so that
undoing it touches nothing that somebody has changed since."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from sqlalchemy import Update, and_, or_, select, update
from sqlalchemy.orm import aliased

from app.extensions import db
from app.models import Appointment, Customer, Draft, UserNotice

# What one of them lacks the other has.
DETAILS = ("language", "timezone", "preferred_channel")
Changes = list[list[Any]]


def change_what_stays(kept: Customer, gone: Customer, now: datetime) -> dict[str, Changes]:
    """Before rows move."""
    changes = {
        "details": _details(kept, gone),
        "ways": _ways(kept, gone),
        "comes": _comes(kept.id, gone.id),
        "drafts": _drafts(kept.id, gone.id),
        "notices": _notices(kept.id, gone.id, now),
    }
    db.session.flush()
    return changes


def change_back(changes: dict[str, Changes], kept: Customer) -> None:
    """After rows moved back."""
    for name, before, after in changes["details"]:
        if getattr(kept, name) == after:
            setattr(kept, name, before)
    for id_, before, _ in changes["ways"]:
        one = db.session.get(Customer, id_)
        if one and one.reached_through_id is None and not one.merged_into_id:
            one.reached_through_id = before
    for id_, before, _ in changes["comes"]:
        nobody = Appointment.id == id_, Appointment.attendee_id.is_(None)
        _run(update(Appointment).where(*nobody).values(attendee_id=before))
    for id_, before, after in changes["drafts"]:
        same = Draft.id == id_, Draft.body == after
        _run(update(Draft).where(*same).values(body=before))
    ids = [id_ for id_, _, _ in changes["notices"]]
    _run(update(UserNotice).where(UserNotice.id.in_(ids)).values(read_at=None))


def _details(kept: Customer, gone: Customer) -> Changes:
    wanted: dict[str, str | None] = {
        name: getattr(kept, name) or getattr(gone, name) for name in DETAILS
    }
    if not (kept.first_name or kept.last_name):
        wanted |= {"first_name": gone.first_name, "last_name": gone.last_name}
    if gone.notes not in kept.notes:
        wanted["notes"] = _joined(kept.notes, gone.notes)
    changes = [[name, getattr(kept, name), value] for name, value in wanted.items()]
    changes = [each for each in changes if each[1] != each[2]]
    for name, _, after in changes:
        setattr(kept, name, after)
    return changes


def _ways(kept: Customer, gone: Customer) -> Changes:
    """Nobody is reached through themselves, and the gone one through nobody."""
    changes = [[each.id, each.reached_through_id, None] for each in (kept, gone)]
    for each in (kept, gone):
        each.reached_through_id = None
    return [each for each in changes if each[1]]


def _comes(kept_id: int, gone_id: int) -> Changes:
    """Of appointments of the one to which the other comes: they come themselves."""
    one, other = Appointment.customer_id, Appointment.attendee_id
    pairs = ((kept_id, gone_id), (gone_id, kept_id))
    both = or_(*(and_(one == first, other == second) for first, second in pairs))
    were = db.session.execute(select(Appointment.id, other).where(both)).all()
    alone = update(Appointment).where(Appointment.id.in_(_first(were)))
    _run(alone.values(attendee_id=None))
    return [[id_, attendee_id, None] for id_, attendee_id in were]


def _drafts(kept_id: int, gone_id: int) -> Changes:
    """Who has begun to write to both has both texts in one."""
    other = aliased(Draft)
    both = select(Draft, other.body).join(other, other.user_id == Draft.user_id)
    both = both.where(Draft.customer_id == kept_id, other.customer_id == gone_id)
    changes: Changes = []
    for draft, body in db.session.execute(both).all():
        before, draft.body = draft.body, _joined(draft.body, body)
        changes.append([draft.id, before, draft.body])
    return changes


def _notices(kept_id: int, gone_id: int, now: datetime) -> Changes:
    """Of two unread notices that say the same to the same person one is enough."""
    theirs = aliased(UserNotice)
    alike = (
        theirs.recipient_id == UserNotice.recipient_id,
        theirs.kind == UserNotice.kind,
        theirs.customer_id == kept_id,
        *(each.is_(None) for each in (theirs.read_at, theirs.note_id)),
    )
    unread = (
        UserNotice.customer_id == gone_id,
        *(each.is_(None) for each in (UserNotice.read_at, UserNotice.note_id)),
    )
    twice = db.session.execute(select(UserNotice.id).join(theirs, and_(*alike)).where(*unread))
    ids = _first(twice.all())
    _run(update(UserNotice).where(UserNotice.id.in_(ids)).values(read_at=now, email_at=None))
    return [[id_, None, now.isoformat()] for id_ in ids]


def _joined(*texts: str) -> str:
    return "\n\n".join(filter(None, texts))


def _first(rows: Iterable[Any]) -> list[int]:
    return [row[0] for row in rows]


def _run(statement: Update) -> None:
    db.session.execute(statement.execution_options(synchronize_session=False))
