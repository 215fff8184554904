"""The verdict of `make faults` on automatic messages notices what it is for."""

from collections import Counter
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from faults import automatic
from faults.evidence import Appointment, Evidence, Row, Sent
from faults.records import Booked, Command, Records

NOW = datetime(2026, 11, 20, 15, 0, tzinfo=UTC)
MINUTE = timedelta(minutes=1)
# At 11:00 in New York; booked at 9:00 there, so that the first reminder was due at once.
START, BOOKED = NOW + 60 * MINUTE, NOW - 60 * MINUTE
OTHER = NOW + timedelta(days=2)
COMMAND = Command(START, "scheduled", BOOKED - MINUTE, BOOKED)
MOVED = Command(OTHER, "scheduled", BOOKED + 2 * MINUTE, BOOKED + 3 * MINUTE)
CANCELLED = replace(MOVED, starts_at=START, status="cancelled")
SAID = "Your appointment is at 11:00 AM."


def row(id_: int, type_: str, step: int, **other: Any) -> Row:
    values: dict[str, Any] = {
        "status": "sent", "cause": "sent", "due_at": BOOKED, "decided_at": BOOKED + MINUTE,
        "starts_at": START, "useful_until": START, "created_at": BOOKED, "slug": "salon",
        "customer_id": 1, "appointment_id": 1, "call_id": None, "message_id": id_,
    }  # fmt: skip
    return Row(id=id_, type=type_, step=step, **values | other)


def message(id_: int, of: int, **other: Any) -> Sent:
    values: dict[str, Any] = {
        "token": f"notification-{of}-0", "again_of_id": None, "status": "delivered", "error": "",
        "body": SAID, "attempted_at": BOOKED + MINUTE,
    }  # fmt: skip
    return Sent(id=id_, public_id=f"m{id_}", **values | other)


CONFIRMATION = row(1, "booking_confirmation", 0)
TWO_HOURS, ONE_HOUR = (row(2, "appointment_reminder", 120), row(3, "appointment_reminder", 60))
ROWS = [CONFIRMATION, TWO_HOURS, ONE_HOUR]
MESSAGES = [message(1, 1), message(2, 2), message(3, 3)]
SKIPPED = {"status": "skipped", "message_id": None}
# It is to go, half a minute after they cancelled.
NOTICE = row(4, "appointment_cancelled", 0, status="planned", due_at=NOW + MINUTE, cause="")
ENDED = {"commands": (COMMAND, CANCELLED), "rows": [*ROWS, NOTICE]}

# Moved before anything had reached them: a confirmation says the new start, in the notice's place.
AWAY = {"starts_at": OTHER, "useful_until": OTHER}
TAKEN_OUT = {"status": "cancelled", "cause": "moved", "message_id": None}
TO_COME = {**AWAY, "status": "planned", "cause": "", "due_at": OTHER - 60 * MINUTE}
UNTOLD = [
    *(replace(each, **TAKEN_OUT) for each in ROWS),
    *(replace(each, id=each.id + 3, **TO_COME) for each in (TWO_HOURS, ONE_HOUR)),
    row(7, "appointment_moved", 0, **AWAY, **TAKEN_OUT | {"cause": "settings"}),
]
INSTEAD = row(8, "booking_confirmation", 0, **AWAY, status="skipped", cause="undelivered")
BOUNCED = {"messages": [message(8, 8, status="failed", error="30003")], "telephones": ""}


def judged(
    rows: list[Row] = ROWS,
    messages: list[Sent] = MESSAGES,
    commands: tuple[Command, ...] = (COMMAND,),
    stopped: tuple[int, ...] = (),
    telephones: str = "m1 m2 m3",
) -> str:
    """What the verdict counts: «lost 1»."""
    last = commands[-1]
    appointment = Appointment(1, "salon", "b", last.status, last.starts_at, BOOKED)
    found = Evidence(
        rows,
        messages,
        [appointment],
        [],
        Counter(telephones.split()),
        set(stopped),
        {},
        Records(booked=[Booked("salon", 1, "b", list(commands), 1)]),
    )
    figures = automatic.judge(found, NOW).json()
    bad = ("lost", "doubled", "stale", "strangers")
    return " ".join(f"{kind} {figures[kind]}" for kind in bad if figures[kind])


def without(messages: int) -> dict[str, Any]:
    return {"messages": MESSAGES[:-messages], "telephones": "m1 m2 m3"[: 9 - 3 * messages]}


@pytest.mark.parametrize(
    ("finds", "given"),
    [
        pytest.param("", {}, id="all went once"),
        ("lost 1", {"rows": ROWS[:2], **without(1)}),
        ("lost 1", {"rows": [*ROWS[:2], replace(ONE_HOUR, status="planned")], **without(1)}),
        (
            "lost 1",
            {"rows": [*ROWS[:2], replace(ONE_HOUR, **SKIPPED, cause="moved")], **without(1)},
        ),
        (
            "lost 1",
            {"rows": [*ROWS[:2], replace(ONE_HOUR, **SKIPPED, cause="fault")], **without(1)},
        ),
        (
            "lost 1",
            {"rows": [*ROWS[:2], replace(ONE_HOUR, **SKIPPED, cause="opted_out")], **without(1)},
        ),
        pytest.param(
            "",
            {
                "rows": [*ROWS[:2], replace(ONE_HOUR, **SKIPPED, cause="opted_out")],
                "stopped": (1,),
                **without(1),
            },
            id="a reason that is true",
        ),
        ("doubled 1", {"messages": [*MESSAGES, message(4, 3)], "telephones": "m1 m2 m3 m4"}),
        ("doubled 1", {"telephones": "m1 m2 m3 m3"}),
        (
            "strangers 1",
            {"messages": [*MESSAGES, message(4, 0, token="?")], "telephones": "m1 m2 m3 m4"},
        ),
        ("stale 1", {"messages": [*MESSAGES[:2], message(3, 3, body="It is at 9:00 AM.")]}),
        pytest.param("", ENDED, id="it left before it was cancelled"),
        pytest.param(
            "lost 1", {"commands": (COMMAND, CANCELLED)}, id="nobody told them of the end"
        ),
        (
            "stale 1",
            {
                **ENDED,
                "rows": [*ROWS, replace(NOTICE, status="sent", cause="sent")],
                "messages": [
                    *MESSAGES,
                    message(4, 4, body="9:00 AM is off.", attempted_at=BOOKED + 9 * MINUTE),
                ],
                "telephones": "m1 m2 m3 m4",
            },
        ),
        (
            "stale 1",
            {
                **ENDED,
                "messages": [*MESSAGES[:2], message(3, 3, attempted_at=BOOKED + 9 * MINUTE)],
            },
        ),
        # Nor is there a reminder of the new start.
        pytest.param(
            "lost 3", {"commands": (COMMAND, MOVED)}, id="nobody told them that it was moved"
        ),
        pytest.param(
            "",
            {"commands": (COMMAND, MOVED), "rows": [*UNTOLD, INSTEAD], **BOUNCED},
            id="what goes in the place of a notice does not reach them",
        ),
        pytest.param(
            "lost 1",
            {"commands": (COMMAND, MOVED), "rows": UNTOLD, "messages": [], "telephones": ""},
            id="nothing goes in the place of a notice",
        ),
    ],
)
def test_the_verdict_finds(finds: str, given: dict[str, Any]) -> None:
    assert judged(**given) == finds


def family(*messages: Sent, rows: tuple[Row, ...] = ()) -> str:
    """What it counts of a child's reminder and the mother's, who have one telephone."""
    hers = row(9, "appointment_reminder", 60, appointment_id=2, message_id=3)
    found = Evidence(
        [CONFIRMATION, TWO_HOURS, ONE_HOUR, hers, *rows],
        [*(replace(each, body=f"Mia10: {SAID}") for each in MESSAGES[:2]), *messages],
        [Appointment(id_, "salon", f"b{id_}", "scheduled", START, BOOKED) for id_ in (1, 2)],
        [],
        Counter(["m1", "m2", *(each.public_id for each in messages)]),
        set(),
        {},
        Records(
            booked=[
                Booked("salon", 1, "b1", [COMMAND], 1, attendee="Mia10"),
                Booked("salon", 1, "b2", [COMMAND], 2),
            ]
        ),
    )
    figures = automatic.judge(found, NOW)
    notes = [each for each in figures.notes if "Mia10" in each]
    return f"joined {figures.joined}; {' '.join(each.partition(':')[0] for each in notes)}".strip()


def test_who_comes_is_named_once_on_the_telephone_that_they_share() -> None:
    both = message(3, 3, body=f"For Mia10 and you. {SAID}")
    assert family(both) == "joined 1;"
    assert family(replace(both, body=SAID)) == "joined 1; lost"
    other = row(10, "appointment_reminder", 60, appointment_id=2, message_id=10)
    again = replace(both, id=10, public_id="m10", token="notification-10-0")
    assert family(both, again, rows=(other,)) == "joined 1; doubled"
