"""One customer's messages over all channels, newest page first (keyset pagination); and what stands
between them."""

from dataclasses import dataclass, field
from datetime import datetime
from heapq import merge
from itertools import accumulate
from operator import itemgetter
from typing import NamedTuple

from sqlalchemy import case, or_, update

from app.extensions import db
from app.inbox import timeline
from app.inbox.reading.message_rows import LAST, MessageRow, asked_rows, rows
from app.inbox.timeline import CallRow, EventRow, NoteRow, RunRow
from app.models import Conversation
from app.models.conversation import MISSED_CALL
from app.prepared import Question, ask

PAGE = 50
# What an open page that has gone back further fetches again, at most.
MOST_ANEW = 200


class Line(NamedTuple):
    """A message; a call; a note of the team's; what was done with it all; or what a rule did."""

    at: datetime
    message: MessageRow | None = None
    call: CallRow | None = None
    note: NoteRow | None = None
    event: EventRow | None = None
    run: RunRow | None = None

    @property
    def key(self) -> str:
        """What it is called on its page, such as message-12."""
        kinds = self._asdict().items()
        return next(f"{name}-{row.id}" for name, row in kinds if name != "at" and row is not None)


@dataclass(frozen=True)
class Thread:
    messages: list[MessageRow]
    """In the order they were said."""
    earlier: int | None
    """The id before which the earlier page ends; None: this is the beginning."""
    calls: list[CallRow]
    """Those of its time, in their order, as the notes, the events and the runs."""
    notes: list[NoteRow] = field(default_factory=list)
    events: list[EventRow] = field(default_factory=list)
    runs: list[RunRow] = field(default_factory=list)

    @property
    def lines(self) -> list[Line]:
        """All of them in one order, in which no message changes its place among the others."""
        said = [Line(message.created_at, message=message) for message in self.messages]
        beside = (
            [Line(call.started_at, call=call) for call in self.calls],
            [Line(note.created_at, note=note) for note in self.notes],
            [Line(event.at, event=event) for event in self.events],
            [Line(run.done_at, run=run) for run in self.runs if run.done_at],
        )
        # A message that was recovered late stands behind younger ones.
        by_then = accumulate((line.at for line in said), max)
        placed = ([(line.at, line) for line in lines] for lines in beside)
        return [
            line for _, line in merge(zip(by_then, said, strict=True), *placed, key=itemgetter(0))
        ]


@dataclass(frozen=True)
class Begun:
    """A page of which the messages are known, and what stands between them is asked."""

    messages: list[MessageRow]
    earlier: int | None
    between: tuple[
        Question[list[CallRow]],
        Question[list[NoteRow]],
        Question[list[EventRow]],
        Question[list[RunRow]],
    ]

    def page(self) -> Thread:
        calls, notes, events, runs = self.between
        found = calls.answer, notes.answer, events.answer, runs.answer
        return Thread(self.messages, self.earlier, *found)


def page(customer_id: int, before: int | None = None, since: int | None = None) -> Thread:
    """The latest messages with the customer, or the latest before an id; since an id: those from
    that one on, MOST_ANEW of them at most."""
    return page_of(Asked.of(customer_id, before, since))


def page_of(asked: "Asked") -> Thread:
    """The same, of what was asked together with other things."""
    begun = begin(asked)
    ask(*begun.between)
    return begun.page()


class Asked(NamedTuple):
    """Which messages a page shows, and one more."""

    customer_id: int
    before: int | None
    since: int | None
    found: Question[list[MessageRow]]

    @classmethod
    def of(cls, customer_id: int, before: int | None = None, since: int | None = None) -> "Asked":
        most = _most(since) + 1
        found = asked_rows(customer_id, most, LAST if before is None else before, since or 0)
        return cls(customer_id, before, since, found)


def _most(since: int | None) -> int:
    return PAGE if since is None else MOST_ANEW


def begin(asked: Asked) -> Begun:
    """The same, whose rest is asked together with other things."""
    customer_id, before, since, said = asked
    most, found = _most(since), said.answer
    shown = found[:most]
    # Whoever names the first has come to it by an earlier page.
    earlier = shown[-1].id if len(found) > most or (since and shown) else None
    when = (customer_id, shown[-1].created_at if earlier else None, before)
    between = (
        timeline.calls(*when),
        timeline.notes(*when),
        timeline.events(*when),
        timeline.runs(*when),
    )
    return Begun(shown[::-1], earlier, between)


def one(customer_id: int, message_id: int) -> MessageRow | None:
    """A message of theirs, with all that a thread shows of it."""
    return next(iter(rows(customer_id, 1, message_id + 1, message_id)), None)


def mark_read(customer_id: int, up_to: int, call: int = 0) -> bool:
    """Clear the unread mark, unless a message or a missed call came after those that were seen;
    whether it was set. A call that is the last thing stays to be called back."""
    is_call = Conversation.last_direction == MISSED_CALL
    cleared = (
        update(Conversation)
        .where(
            Conversation.customer_id == customer_id,
            Conversation.unread_count > 0,
            Conversation.last_message_id <= up_to,
            or_(Conversation.last_call_id.is_(None), Conversation.last_call_id <= call),
        )
        .values(unread_count=0, last_call_id=case((is_call, Conversation.last_call_id)))
        .returning(Conversation.id)
        .execution_options(synchronize_session=False)
    )
    was_unread = db.session.scalar(cleared) is not None
    db.session.commit()
    return was_unread
