"""Free places, beside a second reading that knows nothing but each single minute."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from hypothesis import given
from hypothesis import strategies as st

from app.appointments.places.free_places import STEP, Taken, Wanted, free_places
from app.business_hours.opening_hours import Interval, OpeningHours
from tests.business_hours.strategies import INSTANTS, hours

MINUTE, HOUR, DAY = (timedelta(minutes=each) for each in (1, 60, 1440))
NEW_YORK = ZoneInfo("America/New_York")
NINE_TO_ONE = OpeningHours(NEW_YORK, {day: (Interval(540, 780),) for day in range(7)})
LONG = OpeningHours(NEW_YORK, {day: (Interval(540, 1080),) for day in range(7)})


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=NEW_YORK).astimezone(UTC)


def wanted(day: str, lasts: int = 60, buffer: int = 0, since: str = "00:00") -> Wanted:
    first = at(f"{day}T00:00")
    return Wanted(lasts * MINUTE, buffer * MINUTE, max(first, at(f"{day}T{since}")), first + DAY)


def taken(begins: str, lasts: int, who: int | None = 1) -> Taken:
    return Taken(who, at(begins), at(begins) + lasts * MINUTE)


def told(wanted: Wanted, *busy: Taken, **people: OpeningHours) -> str:
    """The starts by the wall clock, of 1 who works in the mornings unless others are named."""
    them: dict[int | None, OpeningHours] = {1: NINE_TO_ONE}
    them |= {int(name[1:]): theirs for name, theirs in people.items()}
    found = free_places(wanted, them, busy, NEW_YORK)
    return " ".join(f"{each.starts_at.astimezone(NEW_YORK):%H:%M}" for each in found)


def test_what_is_offered_lies_within_hours_and_beside_what_is_booked() -> None:
    day = "2026-12-01"
    assert told(wanted(day, 180)) == "09:00 09:15 09:30 09:45 10:00"
    assert told(wanted(day), taken(f"{day}T10:00", 60), taken(f"{day}T11:10", 50)) == "09:00 12:00"
    assert told(wanted(day, 30, since="12:10")) == "12:15 12:30"
    # Nothing of the day before the place begins, nor after the last one.
    assert told(wanted(day, 241)) == ""


def test_the_time_after_a_service_is_kept_free_but_may_lie_beyond_closing() -> None:
    day = "2026-12-01"
    assert told(wanted(day, 60, 30), taken(f"{day}T10:30", 60)) == "09:00 11:30 11:45 12:00"
    assert told(wanted(day, 60, 45), taken(f"{day}T10:30", 60)) == "11:30 11:45 12:00"
    # What is booked right after closing is in its way all the same.
    assert told(wanted(day, 180, 30), taken(f"{day}T13:10", 60)) == "09:00 09:15 09:30"


def test_what_nobody_was_chosen_for_takes_the_time_of_one_of_them() -> None:
    day, nobodys = "2026-12-01", taken("2026-12-01T09:00", 240, None)
    assert told(wanted(day, 210), nobodys) == ""
    both = {"_1": NINE_TO_ONE, "_2": NINE_TO_ONE}
    assert told(wanted(day, 240), nobodys, **both) == "09:00"
    assert told(wanted(day, 240), nobodys, taken(f"{day}T12:00", 15, 2), **both) == ""


def test_where_clocks_change_it_is_by_the_wall_and_no_hour_is_offered_that_there_is_not() -> None:
    night = OpeningHours(NEW_YORK, {6: (Interval(0, 240),)})
    forward = free_places(wanted("2026-03-08", 60), {1: night}, (), NEW_YORK)
    shown = [f"{each.starts_at.astimezone(NEW_YORK):%H:%M}" for each in forward]
    # An hour before it is put forward, one ends at three; the last ends at four.
    quarters = ("00", "15", "30", "45")
    assert shown == [*(f"0{hour}:{each}" for hour in (0, 1) for each in quarters), "03:00"]
    back = free_places(wanted("2026-11-01", 60), {1: night}, (), NEW_YORK)
    # Five hours by the sun, of which the last start is one before the end.
    assert len(back) == 4 * 4 + 1
    assert back[-1].starts_at - back[0].starts_at == 4 * HOUR


BUSY = st.lists(
    st.builds(
        lambda who, start, lasts: (who, start * 5, lasts * 5),
        st.sampled_from((1, 2, None)),
        st.integers(-12, 24 * 12),
        st.integers(1, 36),
    ),
    max_size=6,
)


@given(
    st.lists(hours(), min_size=1, max_size=2),
    INSTANTS,
    st.integers(1, 30),
    st.integers(0, 6),
    BUSY,
)
def test_a_place_is_free_for_just_those_who_work_all_through_it_and_have_nothing_else(
    them: list[OpeningHours], since: datetime, lasts: int, buffer: int, busy: list[tuple]
) -> None:
    zone = them[0].zone
    people: dict[int | None, OpeningHours] = {
        n: OpeningHours(zone, each.week, each.exceptions) for n, each in enumerate(them, 1)
    }
    ask = Wanted(lasts * 10 * MINUTE, buffer * 10 * MINUTE, since, since + DAY)
    booked = [
        Taken(who, since + at * MINUTE, since + (at + long) * MINUTE) for who, at, long in busy
    ]
    found = {each.starts_at: set(each.staff) for each in free_places(ask, people, booked, zone)}
    minutes = (since.replace(second=0, microsecond=0) + n * MINUTE for n in range(24 * 60 + 1))
    for start in (each for each in minutes if since <= each < ask.until):
        there = start.astimezone(zone)
        if there.second or timedelta(minutes=there.minute) % STEP:
            assert start not in found
            continue
        ends = start + ask.lasts + ask.buffer
        meets = [each for each in booked if each.begins < ends and each.ends > start]
        free = {
            who
            for who, theirs in people.items()
            if theirs.open_through(start, start + ask.lasts)
            and all(each.staff_member_id != who for each in meets)
        }
        waiting = sum(each.staff_member_id is None for each in meets)
        assert found.get(start, set()) == (free if len(free) > waiting else set()), there


def test_nothing_is_offered_of_days_on_which_nobody_works() -> None:
    hours = OpeningHours(NEW_YORK, {}, {date(2026, 12, 2): (Interval(540, 600),)})
    ask = Wanted(HOUR, timedelta(), at("2026-12-01T00:00"), at("2026-12-31T00:00"))
    [only] = free_places(ask, {None: hours}, (), NEW_YORK)
    assert only.starts_at == at("2026-12-02T09:00")
