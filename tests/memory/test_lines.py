"""What the lines of a customer's memory say, and when they say nothing."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

import pytest

from app.lib.time.business_time import BusinessTime
from app.memory.answering_line import answering_lines
from app.memory.consent_line import allowed_lines, stopped_lines
from app.memory.customer_history import Attended, Said
from app.memory.memory_line import Line
from app.memory.usual_line import usual_lines, usual_staff
from app.memory.visit_lines import how_often, visit_lines
from tests.support.world import NOON

DAY, HOUR = timedelta(days=1), timedelta(hours=1)
THERE = BusinessTime("America/New_York", "en_US")


def visit(
    days: float, status: str = "completed", service: str | None = "Cut", staff: str | None = "Sofia"
) -> Attended:
    """So many days from now."""
    return Attended(abs(int(days)) + 1, NOON + days * DAY, 60, status, 1, service, staff)


def told(lines: Sequence[Line]) -> dict[str, str]:
    return {line.label: line.sentence for line in lines}


def test_visits_are_those_that_were_marked_as_completed() -> None:
    visits = [
        visit(30, "scheduled"),
        visit(9, "confirmed", staff=None),
        visit(5, "cancelled"),
        visit(-1, "scheduled"),
        visit(-10),
        visit(-24, "no_show"),
        visit(-38),
        visit(-66, service=None),
    ]
    lines = list(visit_lines(visits, THERE, NOON))
    assert told(lines) == {
        "Visits": "3 visits, about every 4 weeks",
        "Last visit": "Sun, Nov 8, 12:00 PM: Cut with Sofia",
        "Next visit": "Fri, Nov 27, 12:00 PM: Cut",
        "Did not come": "1 time, last Sun, Oct 25, 1:00 PM",
        "Not marked": "1 past appointment, not counted yet: did they come?",
    }
    assert [line.id for line in lines] == [None, 11, 10, 25, 2]
    assert told(list(visit_lines([], THERE, NOON))) == {}


@pytest.mark.parametrize(
    ("days", "often"),
    [
        ([0, -7], ""),
        ([0, -7, -14], "7 days"),
        ([0, -0.1, -0.2], "1 day"),
        ([0, -35, -70, -400], "5 weeks"),
        ([0, -91, -182], "3 months"),
        ([0, -730, -1460], "2 years"),
    ],
)
def test_how_often_is_the_middle_of_the_times_between(days: list[float], often: str) -> None:
    assert how_often([visit(each) for each in days]) == often


@pytest.mark.parametrize(
    ("names", "usual"),
    [
        (["Sofia", "Sofia"], ""),
        (["Sofia", "Sofia", "Sofia"], "Sofia"),
        (["Sofia", "Sofia", "Maya"], "Sofia"),
        (["Sofia", "Maya", "Sofia", "Maya"], ""),
        (["Sofia", None, "Sofia", None], ""),
        ([None, None, None], ""),
        # Whoever had them before the last ten is their usual one no more.
        (["Maya"] * 10 + ["Sofia"] * 30, "Maya"),
    ],
)
def test_usual_is_from_three_visits_a_clear_majority(names: list[str | None], usual: str) -> None:
    visits = [visit(-each, staff=name) for each, name in enumerate(names, 1)]
    never = [visit(-0.5, "cancelled", staff="Nobody"), visit(3, "confirmed", staff="Nobody")]
    assert usual_staff([*never, *visits]) == usual
    assert told(list(usual_lines(visits))).get("Usually with", "") == usual


def test_a_usual_line_says_how_many_visits_it_is_from() -> None:
    visits = [visit(-1), visit(-2), visit(-3, service="Colour")]
    assert [line.source for line in usual_lines(visits)] == [
        "2 of the last 3 visits",
        "3 of the last 3 visits",
    ]


def answered(hours: Sequence[float], channel: str = "sms") -> list[Said]:
    """Written to and answered, once a day at these hours in New York; the latest first."""
    said: list[Said] = []
    for day, hour in enumerate(hours):
        at = NOON + day * DAY + (hour - 12) * HOUR
        said.append(Said(2 * day, "sms", "outbound", at - 2 * HOUR))
        said.append(Said(2 * day + 1, channel, "inbound", at))
    return said[::-1]


@pytest.mark.parametrize(
    ("hours", "sentence"),
    [
        ([18, 18, 18, 18], ""),
        ([18, 18.5, 19, 20.9, 9], "between 6 PM and 9 PM"),
        ([9, 12, 15, 18, 21], ""),
        ([23.5, 0.5, 23, 0, 1], "between 11 PM and 2 AM"),
    ],
)
def test_the_hour_of_answering_is_from_five_answers(hours: list[float], sentence: str) -> None:
    assert told(list(answering_lines(None, answered(hours), THERE))).get("Answers", "") == sentence


def test_what_comes_unasked_or_much_later_is_no_answer() -> None:
    unasked = [Said(each, "sms", "inbound", NOON) for each in range(20)]
    late = [
        Said(each, "sms", direction, NOON + each * 3 * DAY)
        for each, direction in enumerate(["outbound", "inbound"] * 10)
    ][::-1]
    assert [*answering_lines(None, unasked, THERE), *answering_lines(None, late, THERE)] == []


def test_the_channel_that_staff_entered_comes_before_what_was_counted() -> None:
    said = answered([9, 12, 15, 18, 21], "whatsapp")
    assert told(list(answering_lines(None, said, THERE))) == {"Mostly answers": "by WhatsApp"}
    assert told(list(answering_lines("email", said, THERE))) == {"Prefers": "Email"}
    assert told(list(answering_lines("a pigeon", said[:4], THERE))) == {}


@dataclass(frozen=True)
class Word:
    at: datetime


@dataclass(frozen=True)
class Reached:
    channel: str
    stopped: bool
    event: Word | None = None


@pytest.mark.parametrize(
    ("places", "said"),
    [
        ([], {}),
        ([Reached("sms", False)], {"Messages": "may be sent to them"}),
        (
            [Reached("sms", True, Word(NOON - DAY)), Reached("email", False)],
            {"Wants no messages": "by SMS, since Tue, Nov 17, 12:00 PM"},
        ),
        ([Reached("sms", True)], {"Wants no messages": "by any channel"}),
    ],
)
def test_consent_is_told_as_it_was_said_last(places: list[Reached], said: dict[str, str]) -> None:
    assert told([*stopped_lines(places, THERE, NOON), *allowed_lines(places)]) == said
