"""Two conversations become one, and two again: by then both may have gone on."""

from datetime import datetime
from typing import Any

from sqlalchemy import DateTime, delete, func, inspect, or_, select, update

from app.extensions import db
from app.inbox import conversation_transitions
from app.models import AwayMessage, Conversation, Direction, Message
from app.retention.mend_conversations import shown_by

# What tells which it is, and what a trigger keeps or rows tell.
ITSELF = ("id", "tenant_id", "customer_id")
LAST = ("last_message_at", "last_message_id", "last_channel", "last_direction", "last_author_id")
REST = ("closed_at", "snoozed_until")
Talk = dict[str, Any]


def together(kept_id: int, gone_id: int) -> Talk:
    """The kept one's conversation says what both said; how each was (`kept`, `gone`), what came of
    them (`one`), as JSON. For whoever holds both."""
    kept, gone = (_of(id_) for id_ in (kept_id, gone_id))
    was = {"kept": _written(kept), "gone": _written(gone), "id": gone.id if gone else None}
    if kept and gone:
        values = both(_columns(kept), _columns(gone))
        _move_away_messages(gone.id, kept.id)
        db.session.execute(delete(Conversation).where(Conversation.id == gone.id))
        db.session.execute(conversation_transitions.merge(kept_id, values))
    elif gone:
        _rename(gone_id, kept_id)
    db.session.expire_all()
    return was | {"one": _written(_of(kept_id))}


def both(kept: Talk, gone: Talk) -> Talk:
    """Of two conversations as their columns: what one shows in their place. It rests only if both
    do, and waits for whoever has waited longest."""
    earlier, later = sorted((kept, gone), key=lambda each: [each[name] for name in LAST[:2]])
    one = {name: later[name] for name in (*LAST, "preview")}
    one |= {name: later[name] or earlier[name] for name in ("last_call_id", "open_reply_id")}
    one |= {name: kept[name] or gone[name] for name in ("stop_asked_id", "assignee_id")}
    one["unread_count"] = kept["unread_count"] + gone["unread_count"]
    one["failed"] = kept["failed"] or gone["failed"]
    for name in ("waiting_since", "waited_since", "whatsapp_inbound_at"):
        one[name] = min(_all(name, kept, gone), default=None)
    rests = all(any(each[name] for name in REST) for each in (kept, gone))
    until = _all("snoozed_until", kept, gone)
    one["snoozed_until"] = min(until) if rests and until else None
    closed = _all("closed_at", kept, gone)
    one["closed_at"] = max(closed) if rests and not until else None
    return one


def _all(name: str, *talks: Talk) -> list[Any]:
    return [each[name] for each in talks if each[name]]


def apart(kept_id: int, gone_id: int, was: Talk, since: datetime) -> None:
    """Each has its own again, with what came to it since. After messages have moved back."""
    row = _of(kept_id)
    now = _columns(row) if row else None
    one, kept, gone = (_read(was[name]) for name in ("one", "kept", "gone"))
    of_kept, of_gone = (_news(id_, since) for id_ in (kept_id, gone_id))
    new = of_kept.get("unread", 0) + of_gone.get("unread", 0)
    read = bool(one and now and now["unread_count"] < one["unread_count"] + new)
    if kept is None and row and gone:
        # It was the gone one's alone.
        _rename(kept_id, gone_id)
    if kept or of_kept:
        _put(kept_id, split(kept or {}, one, now, of_kept, read), None)
    if gone or of_gone:
        _put(gone_id, split(gone or {}, one, now, of_gone, read), was["id"])
    if row and kept and gone:
        _copy_away_messages(row.id, was["id"])


def split(before: Talk, one: Talk | None, now: Talk | None, news: Talk, read: bool = False) -> Talk:
    """A side as it was before, where nothing has come to it or been done since; `one` is what both
    came to then, `now` what that has become, and `read` whether somebody has read of them since."""
    side = {**before, **news.get("last", {})}
    if now is None or now == one:
        return side
    had, came_to = before.get, (one or {}).get
    for name in (*REST, "waited_since", "assignee_id"):
        side[name] = had(name) if now[name] == came_to(name) else now[name]
    for name in ("open_reply_id", "stop_asked_id", "last_call_id"):
        side[name] = had(name) if now[name] and had(name) == now[name] else None
    opened = [each for each in (had("whatsapp_inbound_at"), news.get("whatsapp")) if each]
    side["whatsapp_inbound_at"] = max(opened, default=None)
    heard = [each for each in (had("waiting_since"), news.get("heard")) if each]
    waits = now["waiting_since"]
    side["waiting_since"] = min((each for each in heard if waits and each >= waits), default=None)
    unread = (0 if read else had("unread_count", 0)) + news.get("unread", 0)
    side["unread_count"] = min(unread, now["unread_count"])
    side["failed"] = bool(had("failed")) and now["failed"]
    return side


def _news(customer_id: int, since: datetime) -> Talk:
    """What people have said since, either way."""
    new = Message.customer_id == customer_id, Message.created_at > since
    by_person = or_(Message.direction == Direction.INBOUND, Message.author_id.is_not(None))
    newest = select(Message).where(*new, by_person).order_by(Message.id.desc()).limit(1)
    if (last := db.session.scalar(newest)) is None:
        return {}
    theirs = select(func.count(), func.min(Message.created_at)).where(
        *new, Message.direction == Direction.INBOUND
    )
    unread, heard = db.session.execute(theirs.select_from(Message)).one()
    latest = select(func.max(Message.created_at)).where(
        *new, Message.direction == Direction.INBOUND, Message.channel == "whatsapp"
    )
    told = {"unread": unread, "heard": heard, "whatsapp": db.session.scalar(latest)}
    return {"last": shown_by(last), **told}


def _put(customer_id: int, values: Talk, id_: int | None) -> None:
    if _of(customer_id):
        db.session.execute(conversation_transitions.merge(customer_id, values))
        return
    named = {"id": id_} if id_ else {}
    db.session.add(Conversation(customer_id=customer_id, **named, **values))
    db.session.flush()


def _of(customer_id: int) -> Conversation | None:
    return db.session.scalar(select(Conversation).where(Conversation.customer_id == customer_id))


def _rename(customer_id: int, to: int) -> None:
    theirs = update(Conversation).where(Conversation.customer_id == customer_id)
    db.session.execute(theirs.values(customer_id=to).execution_options(synchronize_session=False))
    db.session.expire_all()


def _move_away_messages(conversation_id: int, to: int) -> None:
    told = select(AwayMessage.closed_since).where(AwayMessage.conversation_id == to)
    known = list(db.session.scalars(told))
    for each in db.session.scalars(
        select(AwayMessage).where(AwayMessage.conversation_id == conversation_id)
    ).all():
        if each.closed_since not in known:
            each.conversation_id = to
    db.session.flush()


def _copy_away_messages(conversation_id: int, to: int) -> None:
    """Neither is told twice that it is closed."""
    told = select(AwayMessage).where(AwayMessage.conversation_id == conversation_id)
    for each in db.session.scalars(told).all():
        copy = {"closed_since": each.closed_since, "at": each.at}
        db.session.add(AwayMessage(conversation_id=to, **copy))
    db.session.flush()


def _columns(row: Conversation) -> Talk:
    names = (each.key for each in inspect(Conversation).column_attrs)
    return {name: getattr(row, name) for name in names if name not in ITSELF}


def _written(row: Conversation | None) -> Talk | None:
    if row is None:
        return None
    return {
        name: value.isoformat() if isinstance(value, datetime) else value
        for name, value in _columns(row).items()
    }


def _read(told: Talk | None) -> Talk | None:
    kinds = inspect(Conversation).columns
    return told and {
        name: datetime.fromisoformat(value)
        if value and isinstance(kinds[name].type, DateTime)
        else value
        for name, value in told.items()
        if name in kinds
    }
