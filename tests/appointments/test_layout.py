"""How many appointments stand side by side, and what is said of those without room."""

from datetime import UTC, datetime, timedelta

from app.appointments.layout import More, blocks, room_for
from tests.support.diary import booking

NINE = datetime(2026, 11, 20, 9, tzinfo=UTC)


def day(*minutes: tuple[int, int]) -> tuple[list[tuple[int, int, int]], tuple[More, ...]]:
    """The blocks (start, lane, of how many) of appointments at so many minutes past nine, each so
    long, where three fit; and what is left."""
    them = [booking(NINE + timedelta(minutes=at), long) for at, long in minutes]
    shown, more = room_for(blocks(them, NINE.date(), "UTC"), 3)
    return [(each.start - 540, each.lane, each.lanes) for each in shown], more


def test_as_many_as_fit_are_all_shown_and_of_more_the_last_lane_tells_by_the_hour() -> None:
    assert day((0, 60), (0, 60), (30, 60)) == ([(0, 0, 3), (0, 1, 3), (30, 2, 3)], ())
    shown, more = day(*[(0, 90)] * 6, *[(100, 30)] * 2)
    assert shown == [(0, 0, 3), (0, 1, 3), (100, 0, 2), (100, 1, 2)]
    assert more == (More(540, 600, 4),)
    # Whoever begins in the next hour is told of there, and no further than they last.
    _, more = day(*[(0, 180)] * 2, *[(5, 60)] * 2, *[(70, 20)] * 3)
    assert more == (More(545, 605, 2), More(610, 630, 3))
