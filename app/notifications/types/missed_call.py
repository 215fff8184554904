from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import select

from app.extensions import db
from app.lib.call_outcome import CallOutcome
from app.models import Call, Direction, Message, Notification
from app.notifications.causes import Cause
from app.notifications.recent import NOT_SAID, other
from app.notifications.types.base import Hindrance, NotificationType, Option, Text


def hindered(row: Notification, options: Mapping[str, Any], at: datetime) -> Hindrance | None:
    """One message per caller in the business's time, and none where somebody has seen to them."""
    call = db.session.get(Call, row.call_id) if row.call_id else None
    if call is None:
        return Hindrance(Cause.BY_STAFF, "The call was deleted.")
    if call.outcome != CallOutcome.MISSED:
        return Hindrance(Cause.ANSWERED, "The call was answered after all.")
    if not call.reachable:
        return Hindrance(Cause.UNREACHABLE, "The call came from a number that takes no texts.")
    if _written_to_since(call):
        return Hindrance(Cause.ANSWERED, "Somebody has written to them since the call.")
    if _spoken_to_since(call):
        return Hindrance(Cause.ANSWERED, "A later call of theirs was answered.")
    if other(row, at - timedelta(hours=options["hours"])):
        return Hindrance(Cause.RECENTLY, "Another call of theirs was followed up already.")
    return None


def _written_to_since(call: Call) -> bool:
    """Whether somebody did: what goes out by itself has an end to its use, and no author."""
    query = select(Message.id).where(
        Message.customer_id == call.customer_id,
        Message.direction == Direction.OUTBOUND,
        Message.not_after.is_(None),
        Message.created_at > call.started_at,
        Message.status.not_in(NOT_SAID),
    )
    return db.session.scalar(query.limit(1)) is not None


def _spoken_to_since(call: Call) -> bool:
    query = select(Call.id).where(
        Call.customer_id == call.customer_id,
        Call.started_at > call.started_at,
        Call.outcome == CallOutcome.ANSWERED,
    )
    return db.session.scalar(query.limit(1)) is not None


TYPE = NotificationType(
    key="missed_call",
    label="Missed-call follow-up",
    order=3,
    help="Goes out within a quarter of an hour after a call that nobody took.",
    rule="after a call that nobody took",
    variables=("customer_name", "business_name"),
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
