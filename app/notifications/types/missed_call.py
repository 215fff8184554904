"""The follow-up to whoever called in vain."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import exists, select
from sqlalchemy.orm import aliased

from app.extensions import db
from app.lib.memo import memoized, prime
from app.lib.telephone.call_outcome import CallOutcome
from app.models import Call, Direction, Message, Notification
from app.notifications.causes import Cause, Hindrance
from app.notifications.limits import unknown_callers
from app.notifications.limits.recent import NOT_SAID, ask_ahead, other
from app.notifications.types.notification_type import (
    OF_THE_CUSTOMER,
    NotificationType,
    Option,
    Text,
)


def hindered(row: Notification, options: Mapping[str, Any], at: datetime) -> Hindrance | None:
    """One message per caller in the business's time, and none where somebody has seen to them."""
    call = db.session.get(Call, row.call_id) if row.call_id else None
    if call is None:
        return Hindrance(Cause.BY_STAFF, "The call was deleted.")
    if call.outcome != CallOutcome.MISSED:
        return Hindrance(Cause.ANSWERED, "The call was answered after all.")
    if not call.reachable:
        return Hindrance(Cause.UNREACHABLE, "The call came from a number that takes no texts.")
    if memoized(("written to", call.id), lambda: call.id in _written_to_since([call.id])):
        return Hindrance(Cause.ANSWERED, "Somebody has written to them since the call.")
    if memoized(("spoken to", call.id), lambda: call.id in _spoken_to_since([call.id])):
        return Hindrance(Cause.ANSWERED, "A later call of theirs was answered.")
    if other(row, at - timedelta(hours=options["hours"])):
        return Hindrance(Cause.RECENTLY, "Another call of theirs was followed up already.")
    return unknown_callers.hindrance(row, at)


def ahead(rows: Sequence[Notification], options: Mapping[str, Any], now: datetime) -> None:
    """So that what hinders them is known of all of them at once, from now on."""
    ids = [row.call_id for row in rows if row.call_id]
    for question, some in (("written to", _written_to_since), ("spoken to", _spoken_to_since)):
        found = some(ids)
        for id_ in ids:
            prime((question, id_), id_ in found)
    ask_ahead(rows, now - timedelta(hours=options["hours"]))
    unknown_callers.ask_ahead(rows)


def _written_to_since(ids: Collection[int]) -> set[int]:
    """After which of the calls somebody wrote: what goes out by itself has an end to its use, and
    no author."""
    written = exists().where(
        Message.tenant_id == Call.tenant_id,
        Message.customer_id == Call.customer_id,
        Message.direction == Direction.OUTBOUND,
        Message.not_after.is_(None),
        Message.created_at > Call.started_at,
        Message.status.not_in(NOT_SAID),
    )
    return set(db.session.scalars(select(Call.id).where(Call.id.in_(ids), written)))


def _spoken_to_since(ids: Collection[int]) -> set[int]:
    """After which of the calls a later one of the same customer was answered."""
    later = aliased(Call)
    spoken = exists().where(
        later.tenant_id == Call.tenant_id,
        later.customer_id == Call.customer_id,
        later.started_at > Call.started_at,
        later.outcome == CallOutcome.ANSWERED,
    )
    return set(db.session.scalars(select(Call.id).where(Call.id.in_(ids), spoken)))


TYPE = NotificationType(
    key="missed_call",
    label="Missed-call follow-up",
    order=5,
    help="Goes out at once after a call that nobody took.",
    rule="after a call that nobody took",
    variables=("customer_name", "business_name", *OF_THE_CUSTOMER),
    texts={
        "en": Text(
            "We missed your call",
            "Hi, this is {{business_name}}. Sorry that we missed your call. How can we help? "
            "You can answer right here.",
        ),
        "es": Text(
            "No pudimos atender tu llamada",
            "Hola, somos {{business_name}}. Sentimos no haber podido atender tu llamada."
            " ¿En qué te ayudamos? Puedes responder a este mensaje.",
        ),
    },
    hindered=hindered,
    ask_ahead=ahead,
    options=(
        Option(
            "hours",
            "At most once in",
            "number",
            24,
            "However often somebody calls in this time, they get one message.",
            least=1,
            most=720,
            unit="hours",
        ),
    ),
)
