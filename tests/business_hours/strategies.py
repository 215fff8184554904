"""Weeks, dates and instants, as no business has thought of them."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo, available_timezones

from hypothesis import strategies as st

from app.business_hours.opening_hours import Interval, OpeningHours

NAMED = ("Europe/Berlin", "America/New_York", "Australia/Lord_Howe", "Pacific/Apia")
ZONES = st.one_of(
    st.sampled_from(NAMED),
    st.sampled_from(sorted(available_timezones() - {"localtime", "Factory"})),
).map(ZoneInfo)
# From before the day that Samoa left out on.
FIRST = datetime(2011, 12, 1, tzinfo=UTC)
INSTANTS = st.one_of(
    st.integers(0, 30 * 365 * 86_400).map(lambda seconds: FIRST + timedelta(seconds=seconds)),
    # In the night in which clocks change in Europe or America, or that Samoa left out.
    st.tuples(
        st.sampled_from(("2026-03-29", "2026-10-25", "2026-03-08", "2026-11-01", "2011-12-30")),
        st.integers(-36 * 60, 36 * 60),
    ).map(
        lambda each: (
            datetime.fromisoformat(each[0]).replace(tzinfo=UTC) + timedelta(minutes=each[1])
        )
    ),
)


def _day(cuts: list[int], night: int) -> tuple[Interval, ...]:
    pairs = [Interval(*pair) for pair in zip(cuts[::2], cuts[1::2], strict=False)]
    if night and pairs:
        opens = pairs[-1].opens
        pairs[-1] = Interval(opens, min(opens + 1440, 1440 + night))
    return tuple(pairs)


DAYS = st.one_of(
    st.just((Interval(0, 1440),)),
    st.just(()),
    st.builds(
        _day,
        st.lists(st.integers(0, 1439), max_size=6, unique=True).map(sorted),
        st.one_of(st.just(0), st.integers(1, 900)),
    ),
)
WEEKS = st.dictionaries(st.integers(0, 6), DAYS)
DATES = st.dictionaries(st.dates(date(2011, 12, 25), date(2041, 12, 31)), DAYS, max_size=3)


@st.composite
def hours(draw: st.DrawFn) -> OpeningHours:
    return OpeningHours(draw(ZONES), draw(WEEKS), draw(DATES))
