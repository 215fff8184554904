"""Drafts of broadcasts: what is typed is kept as it is, and what is missing is said beside it."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import select

from app.broadcasts import transitions
from app.broadcasts.offer_text import WAY_OUT
from app.customers.marketing import OFFERED_BY
from app.extensions import db
from app.lib.text.cleaning import clean, one_line, shows
from app.lib.text.placeholders import gaps
from app.models import Broadcast, BroadcastStatus, CustomerSegment, WhatsappTemplate
from app.notifications.content.liquid import LONGEST

LONGEST_NAME, MOST_DAYS, MOST_A_DAY = 80, 90, 100_000
BEGUN = "It has been started already: its text and whom it is for stay as they were."
FIRST = f"Hi {{{{customer_name}}}}, … – {{{{business_name}}}}. Reply {WAY_OUT} to end."


class BadDraft(ValueError):
    """It cannot be kept; says why in a person's words."""


def begin(values: Mapping[str, Any]) -> Broadcast:
    """A new draft. Raises BadDraft. Commits."""
    columns = _columns(values)
    body = columns.pop("body", "") or FIRST
    row = transitions.draw(**columns, body=body)
    db.session.add(row)
    db.session.commit()
    return row


def save(broadcast: Broadcast, values: Mapping[str, Any]) -> None:
    """What stands in the form from now on. Raises BadDraft. Commits."""
    columns = _columns(values)
    held = select(Broadcast).where(Broadcast.id == broadcast.id).with_for_update()
    row = db.session.scalars(held.execution_options(populate_existing=True)).one()
    if row.status != BroadcastStatus.DRAFT:
        db.session.rollback()
        raise BadDraft(BEGUN)
    for name, value in columns.items():
        setattr(row, name, value)
    row.gaps = _gaps(row, values)
    row.version += 1
    db.session.commit()


def _columns(values: Mapping[str, Any]) -> dict[str, Any]:
    text = {name: clean(str(values.get(name) or "")).strip() for name in ("body", "subject")}
    name, channel = one_line(clean(str(values.get("name") or ""))), str(values.get("channel") or "")
    if not shows(name) or len(name) > LONGEST_NAME:
        raise BadDraft(
            f"Give it a name of up to {LONGEST_NAME} characters; customers never see it."
        )
    if channel not in OFFERED_BY:
        raise BadDraft("Choose by what it goes: SMS, WhatsApp or email.")
    if max(map(len, text.values())) > LONGEST:
        raise BadDraft(f"The text can have {LONGEST:,} characters. Shorten it.")
    return {
        "name": name,
        "channel": channel,
        **text,
        "segment_id": _row(CustomerSegment, values.get("segment_id")),
        "approved_id": _row(WhatsappTemplate, values.get("approved_id")),
        "rest_days": _number(values.get("rest_days") or "0", 0, MOST_DAYS, "days of rest"),
        "a_day": _a_day(values),
    }


def _a_day(values: Mapping[str, Any]) -> int | None:
    given = str(values.get("a_day") or "").strip()
    return _number(given, 1, MOST_A_DAY, "messages a day") if given else None


def _row(kind: type[CustomerSegment] | type[WhatsappTemplate], given: object) -> int | None:
    """The tenant's own; None: none is chosen. Raises BadDraft."""
    text = str(given or "").strip()
    id_ = int(text) if text.isascii() and text.isdigit() and len(text) < 10 else 0
    if text and (not id_ or db.session.scalar(select(kind.id).where(kind.id == id_)) is None):
        raise BadDraft("What was chosen is gone. Choose another.")
    return id_ or None


def _number(given: object, least: int, most: int, what: str) -> int:
    text = str(given).strip()
    if not (text.isascii() and text.isdigit() and least <= int(text[:9]) <= most):
        raise BadDraft(f"Give the {what} as a whole number from {least} to {most:,}.")
    return int(text)


def _gaps(row: Broadcast, values: Mapping[str, Any]) -> dict[str, str]:
    """Of the chosen template; what stood in one that is not in the form stays."""
    template = db.session.get(WhatsappTemplate, row.approved_id) if row.approved_id else None
    wanted = gaps(template.body) if template else []
    given = {gap: values.get(f"gap_{gap}", row.gaps.get(gap, "")) for gap in wanted}
    return {gap: one_line(clean(str(text)))[:LONGEST] for gap, text in given.items()}
