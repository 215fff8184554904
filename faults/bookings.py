"""Staff who book appointments and change them, while the web, and what tells customers, dies."""

import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from random import Random
from typing import Any

import requests

from app.lib.time.clock import now
from faults.records import Booked, Command, Records
from faults.staff import PAUSE, SignedIn, press
from faults.town import REMINDED

MINUTE, HOUR = timedelta(minutes=1), timedelta(hours=1)
DURATION = 30
# For a clear answer, after the end of the traffic.
PATIENCE = timedelta(seconds=15)


@dataclass(frozen=True)
class Diary:
    """When appointments are, so that what is due of them is due in the run or long after it."""

    end: datetime
    """Of the run's traffic."""
    rest_seconds: float
    """At most so long one stays as it is."""

    def far(self) -> datetime:
        return _minute(now()) + timedelta(days=3)

    def near(self) -> datetime:
        """So soon that whoever knows another time must be told at once."""
        return _minute(now()) + 0.75 * HOUR

    def soon(self, lead: timedelta = REMINDED[-1]) -> datetime:
        """A reminder is due with the next minute."""
        due = _minute(now()) + MINUTE
        return due + lead if due < self.end else self.far()

    def early(self) -> datetime:
        """The first of two reminders is."""
        return self.soon(REMINDED[0])

    def past(self) -> datetime:
        return _minute(now()) - HOUR


Start = Callable[[Diary], datetime]
MOVE = "move"
STATUS = {"cancel": "cancelled", "complete": "completed", "reopen": "scheduled"}
# What becomes of appointments: booked for then, and changed so. Each as often as it stands here.
LIVES: tuple[tuple[Start, tuple[tuple[str, Start | None], ...]], ...] = (
    (Diary.soon, ()),
    (Diary.early, ()),
    (Diary.far, ((MOVE, Diary.near),)),
    (Diary.far, ((MOVE, Diary.near),)),
    (Diary.soon, ((MOVE, Diary.far),)),
    (Diary.soon, ((MOVE, Diary.far), (MOVE, Diary.soon))),
    (Diary.far, (("cancel", None),)),
    (Diary.soon, (("cancel", None),)),
    (Diary.near, (("cancel", None), ("reopen", None))),
    (Diary.past, (("complete", None),)),
    (Diary.past, (("complete", None),)),
)


# Of a family's members on the same telephone, at the same time: what is due of them is one message.
TOGETHER: tuple[tuple[Start, tuple[tuple[str, Start | None], ...]], ...] = (
    (Diary.soon, ()),
    (Diary.soon, ()),
    (Diary.soon, ((MOVE, Diary.far),)),
    (Diary.soon, (("cancel", None),)),
)


def live(who: SignedIn, booked: Booked, diary: Diary, records: Records, dice: Random) -> None:
    """One appointment, until it is as it stays.

    Whoever gets no clear answer to a change presses again until there is one, and changes nothing
    more: the first press may still be under way, and would undo what came after it.
    """
    start, changes = dice.choice(LIVES)
    booked.commands.append(Command(start(diary), "scheduled", now()))
    if _book(who, booked, records):
        _go_on(who, booked, changes, diary, records, dice)


def live_together(
    who: SignedIn, family: list[Booked], diary: Diary, records: Records, dice: Random
) -> None:
    """The same of several that are booked one after the other, before any is changed."""
    lives = [dice.choice(TOGETHER) for _ in family]
    begun = []
    for booked, (start, changes) in zip(family, lives, strict=True):
        booked.commands.append(Command(start(diary), "scheduled", now()))
        if _book(who, booked, records):
            begun.append((booked, changes))
    for booked, changes in begun:
        _go_on(who, booked, changes, diary, records, dice)


def _go_on(
    who: SignedIn,
    booked: Booked,
    changes: Iterable[tuple[str, Start | None]],
    diary: Diary,
    records: Records,
    dice: Random,
) -> None:
    clear = True
    for verb, moved_to in changes:
        if not clear:
            return
        time.sleep(max(0.0, dice.uniform(-0.3, 1) * diary.rest_seconds))
        starts_at = moved_to(diary) if moved_to else booked.commands[-1].starts_at
        booked.commands.append(Command(starts_at, STATUS.get(verb, "scheduled"), now()))
        clear = _change(who, booked, verb, records, diary.end + PATIENCE)


def _book(who: SignedIn, booked: Booked, records: Records) -> bool:
    """Once: pressed again it would be two."""
    command = booked.commands[-1]
    form = {
        "customer_id": booked.customer_id,
        "starts_at": command.starts_at.isoformat(),
        "duration_minutes": DURATION,
        "notes": booked.notes,
    }
    answer = _meant(who, form)
    if answer is not None and answer.status_code == 201:
        booked.id, command.done = answer.json()["id"], now()
    elif answer is not None:
        records.surprise(f"POST /calendar/new: {answer.status_code} {answer.text[:80]}")
    return command.done is not None


def _meant(who: SignedIn, form: dict[str, Any]) -> requests.Response | None:
    """What is asked of one in the past is answered with yes: until then nothing is stored."""
    answer = press(who, "/calendar/new", form)
    if answer is None or answer.status_code != 422 or "anyway" not in answer.json():
        return answer
    return press(who, "/calendar/new", form | {"anyway": answer.json()["anyway"]})


def _change(who: SignedIn, booked: Booked, verb: str, records: Records, until: datetime) -> bool:
    """Whether the first press was answered clearly."""
    command, presses = booked.commands[-1], 0
    form = {"starts_at": command.starts_at.isoformat()} if verb == MOVE else {}
    while now() < until:
        answer, presses = press(who, f"/calendar/{booked.id}/{verb}", form), presses + 1
        if answer is not None and answer.status_code == 200:
            command.done = now()
            return presses == 1
        if answer is not None:
            records.surprise(f"POST /calendar/…/{verb}: {answer.status_code} {answer.text[:80]}")
            return False
        time.sleep(PAUSE)
    return False


def _minute(moment: datetime) -> datetime:
    return moment.astimezone(UTC).replace(second=0, microsecond=0)
