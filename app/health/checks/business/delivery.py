"""Whether as much arrives as before."""

from collections.abc import Collection
from datetime import datetime, timedelta

from sqlalchemy import select

from app.extensions import db
from app.health.check import Check
from app.health.finding import Verdict, broken, ok, warning
from app.lib.message_status import MessageStatus
from app.models import Direction, Message

RECENT = timedelta(days=2)
# So many of a business's latest messages are looked at; of fewer than FEWEST nothing is said.
MOST, FEWEST = 1000, 5
USUAL, FALLEN, HALF = 0.95, 0.2, 0.5
ARRIVED = frozenset({MessageStatus.SENT, MessageStatus.DELIVERED, MessageStatus.READ})
LOST = frozenset({MessageStatus.FAILED, MessageStatus.UNKNOWN})
NEXT = (
    "Open the conversations in which messages did not arrive: each message says why. If all of them"
    " say the same, the number or the account is at fault."
)

# When it was written, and how it ended.
Ended = tuple[datetime, MessageStatus]


def look(now: datetime) -> Verdict:
    return judge(_ended(), now)


def _ended() -> list[Ended]:
    query = (
        select(Message.created_at, Message.status)
        .where(Message.direction == Direction.OUTBOUND, Message.status.in_(ARRIVED | LOST))
        .order_by(Message.id.desc())
        .limit(MOST)
    )
    return [(at, status) for at, status in db.session.execute(query)]


def judge(ended: Collection[Ended], now: datetime) -> Verdict:
    recent = [status for at, status in ended if at > now - RECENT]
    before = [status for at, status in ended if at <= now - RECENT]
    if len(recent) < FEWEST:
        return ok("Too few messages were sent in the last two days to tell whether all is well.")
    share, usual = _share(recent), _share(before) if len(before) >= FEWEST else USUAL
    sentence = f"Of {len(recent)} messages in the last two days {share:.0%} arrived."
    if share < HALF:
        return broken(sentence, NEXT)
    if usual - share >= FALLEN:
        return warning(f"{sentence} Before, it was {usual:.0%}.", NEXT)
    return ok(sentence)


def _share(statuses: Collection[MessageStatus]) -> float:
    return sum(status in ARRIVED for status in statuses) / len(statuses)


CHECK = Check(
    "delivery", 40, "How many of your latest messages arrived, beside earlier ones.", look
)
