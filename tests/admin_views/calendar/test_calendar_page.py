"""The calendar shades when nobody is expected to work, and says who is away."""

from tests.admin_views.reading import cells
from tests.support.browser import Browser
from tests.support.working import MORNINGS, NINE_TO_SIX, days, opens, person, works
from tests.support.world import Business

DAY = "/calendar?day=2026-11-20"
# Of the hours from 8 on: until nine; from six in the evening on.
EARLY, LATE = "cal-shaded h0 m0 dh1 dm0", "cal-shaded h10 m0 dh1 dm0"


def test_nothing_is_shaded_until_somebody_says_when_they_work(
    salon: Business, garage: Business, staff: Browser
) -> None:
    opens(garage, MORNINGS)
    assert "cal-shaded" not in staff.get(DAY).text
    opens(salon, NINE_TO_SIX)
    page = staff.get(DAY).text
    assert page.count("cal-shaded") == 2
    assert EARLY in page and LATE in page


def test_each_column_is_shaded_by_whoevers_it_is(salon: Business, staff: Browser) -> None:
    opens(salon, NINE_TO_SIX)
    works(salon, person(salon, "Amara"), MORNINGS)
    works(salon, person(salon, "Zoe"), off=days("2026-11-19", "2026-11-20"))
    day = staff.get(DAY).text
    # Sofia's, as the business is open; Amara's mornings; and all of Zoe's day.
    assert day.count(EARLY) == 2 and day.count(LATE) == 1
    assert "cal-shaded h4 m0 dh7 dm0" in day and "cal-shaded h0 m0 dh11 dm0" in day
    assert "Zoe away" in cells(day) and "Amara away" not in cells(day)
    week = staff.get(f"{DAY}&view=week").text
    assert week.count(LATE) == 7 and "away" not in cells(week).partition("Sat")[0]
    hers = staff.get(f"{DAY}&view=week&staff={person(salon, 'Zoe')}").text
    assert hers.count("cal-shaded h0 m0 dh11 dm0") == 2
