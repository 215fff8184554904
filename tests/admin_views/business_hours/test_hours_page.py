"""The page of business hours: admins change them, staff read them, nobody else sees them."""

import re
from html import unescape
from typing import Any

import pytest
from werkzeug.datastructures import MultiDict

from admin_views.business_hours.hours_fields import WEEKDAYS
from app.business_hours.load_hours import Stored, stored
from app.business_hours.opening_hours import Interval
from app.extensions import db
from app.models import BusinessHours, HoursException, OpeningInterval, Tenant
from app.tenancy import tenant_scope
from tests.admin_views.reading import cells, everybodys, told
from tests.support.browser import Browser
from tests.support.world import Business

PAGE = "/settings/business-hours/"
DAY = Interval(540, 1080)
FIELD = re.compile(r'<input[^>]*name="([^"]+)"[^>]*value="([^"]*)"')

Fields = list[tuple[str, str]]


def week(*rows: tuple[int, str, str]) -> Fields:
    """Of weekdays and their hours, with an empty row on Sunday, as a page has them."""
    both = (
        (f"week.{day}.{end}", text)
        for day, *ends in rows
        for end, text in zip(("opens", "closes"), ends, strict=True)
    )
    return [*both, ("week.6.opens", ""), ("week.6.closes", "")]


def dated(key: str, day: str, kind: str, note: str = "", *rows: tuple[str, str]) -> Fields:
    place = f"exceptions.{key}"
    ends = [
        (f"{place}.{end}", text)
        for row in rows
        for end, text in zip(("opens", "closes"), row, strict=True)
    ]
    return [
        ("exception", key),
        (f"{place}.day", day),
        (f"{place}.kind", kind),
        (f"{place}.note", note),
        *ends,
    ]


def post(person: Browser, fields: Fields, version: int | str = 0) -> Any:
    return person.post(PAGE, data=MultiDict([("version", str(version)), *fields]))


def kept(business: Business) -> Stored | None:
    db.session.rollback()
    db.session.expire_all()
    with tenant_scope(business.id):
        return stored()


NINE_TO_SIX = week((0, "9", "6 pm"), (1, "9:00", "18.00"))


def test_an_admin_enters_hours_and_staff_read_them(
    salon: Business, admin: Browser, staff: Browser
) -> None:
    christmas = dated("7", "2099-12-24", "other", "Christmas <b>Eve</b>", ("9am", "1pm"), ("", ""))
    fields = [*NINE_TO_SIX, *christmas, ("holidays", "on"), ("region", "NY")]
    answer = post(admin, fields)
    assert (answer.status_code, answer.location) == (302, PAGE.rstrip("/"))
    found = kept(salon)
    assert found and found.version == 1
    assert found.entered.week == ((DAY,), (DAY,), (), (), (), (), ())
    assert found.entered.exceptions[0].intervals == (Interval(540, 780),)
    assert found.entered.holidays and found.entered.region == "NY"
    page = staff.get(PAGE)
    read = cells(page.text)
    assert "Monday 9:00 AM – 6:00 PM" in read and "Sunday Closed" in read
    assert "Thu, Dec 24, 2099 9:00 AM – 1:00 PM Christmas <b>Eve</b>" in read
    assert "<b>Eve" not in page.text and "Thanksgiving Day" in read
    assert "<form id=" not in page.text and "Save" not in read


def test_what_a_page_shows_is_saved_as_it_is(salon: Business, admin: Browser) -> None:
    fields = [
        *week(
            (0, "9", "12:30"), (0, "13:30", "18"), (3, "22", "2"), (5, "0", "24"), (6, "18", "0")
        ),
        *dated("0", "2099-12-24", "closed", "Christmas"),
        *dated("1", "2099-12-31", "usual"),
    ]
    assert post(admin, fields).status_code == 302
    before = kept(salon)
    assert before
    form = admin.get(PAGE).text.partition('<form id="hours"')[2].partition("</form>")[0]
    again = [
        (name, unescape(value))
        for name, value in FIELD.findall(form)
        if name != "csrf_token" and name not in ("shut", "holiday", "version")
    ]
    kinds = [("exceptions.0.kind", "closed"), ("exceptions.1.kind", "usual")]
    assert post(admin, again + kinds, 1).status_code == 302
    after = kept(salon)
    assert after and after.entered == before.entered and after.version == 2


def test_a_business_that_has_said_nothing_is_told_so_and_offered_a_week(
    admin: Browser, staff: Browser, salon: Business
) -> None:
    for person in (admin, staff):
        assert "You have not said yet when you are open" in person.get(PAGE).text
    form = admin.get(PAGE).text
    assert form.count('value="17:00"') == 5
    assert everybodys(BusinessHours) == []


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ([], "Say when you are open, or tick “No weekly hours”."),
        ([*NINE_TO_SIX, ("never", "on")], "Take the hours out"),
        (week((0, "9", "5")), "Did you mean 17:00?"),
        (week((0, "9", "17"), (0, "16", "18")), "overlap"),
        ([*NINE_TO_SIX, *dated("0", "", "closed")], "Give a date"),
        ([*NINE_TO_SIX, *dated("0", "2099-01-01", "other")], "Give the hours of this date"),
        ([*NINE_TO_SIX, *dated("0", "2099-01-01", "bogus")], "Choose whether"),
        ([*NINE_TO_SIX, ("exception", "x.y.z")], "Give a date"),
    ],
)
def test_what_is_wrong_is_told_and_nothing_is_saved(
    salon: Business, admin: Browser, fields: Fields, sentence: str
) -> None:
    answer = post(admin, fields)
    assert answer.status_code == 422
    assert sentence in cells(answer.text) and "Nothing was saved yet." in told(answer)
    assert kept(salon) is None


def test_a_wrong_form_keeps_what_was_typed_as_text(salon: Business, admin: Browser) -> None:
    hostile = '"><script>alert(1)</script>'
    fields = [*week((2, hostile, "half past")), *dated(hostile, hostile, hostile, hostile)]
    answer = post(admin, [*fields, ("region", hostile), ("holiday", hostile)])
    assert answer.status_code == 422
    assert "<script>alert" not in answer.text
    assert "&#34;&gt;&lt;script&gt;alert(1)" in answer.text and "half past" in answer.text


@pytest.mark.parametrize(
    ("button", "rows", "dates"),
    [
        (("add", "week.6"), 3, 1),
        (("add", "exceptions"), 2, 2),
        (("add", "exceptions.0"), 2, 1),
        (("remove", "week.0.0"), 1, 1),
        (("remove", "exceptions.0"), 2, 0),
        (("remove", "exceptions.0.0"), 2, 1),
        # What is not there, or is no place.
        (("remove", "week.9.9"), 2, 1),
        (("add", "week"), 2, 1),
        (("remove", "week.0.0.0"), 2, 1),
        (("add", "../../etc"), 2, 1),
    ],
)
def test_without_a_script_rows_come_and_go_and_nothing_is_saved(
    salon: Business, admin: Browser, button: tuple[str, str], rows: int, dates: int
) -> None:
    monday = [("week.0.opens", "9:07"), ("week.0.closes", "half past"), ("week.1.opens", "8:08")]
    fields = [*monday, *dated("0", "2099-01-01", "other", "Kept", ("7:07", ""))]
    answer = post(admin, [*fields, button])
    form = answer.text.partition('<form id="hours"')[2].partition("</form>")[0]
    assert answer.status_code == 200
    assert form.count(".opens") == form.count(".closes")
    assert len(re.findall(r'name="week\.\d\.opens"', form)) == rows
    assert form.count('name="exception"') == dates
    assert kept(salon) is None


def test_who_saw_an_older_version_is_asked_before_it_is_replaced(
    salon: Business, admin: Browser
) -> None:
    assert post(admin, NINE_TO_SIX).status_code == 302
    for version in (0, 7, "", "x", "9" * 30, "-1", "²"):
        answer = post(admin, week((3, "10", "11")), version)
        assert answer.status_code == 409
        assert "Somebody else has changed the hours meanwhile" in told(answer)
        assert 'value="10"' in answer.text and 'name="version" value="1"' in answer.text
    found = kept(salon)
    assert found and found.version == 1 and found.entered.week[0] == (DAY,)
    assert post(admin, week((3, "10", "11")), 1).status_code == 302


def test_holidays_are_closed_but_for_those_that_are_not_ticked(
    salon: Business, admin: Browser
) -> None:
    page = admin.get(PAGE).text
    names = list(map(unescape, re.findall(r'name="holiday" value="([^"]+)"', page)))
    assert "Columbus Day" in names and "Thanksgiving Day" in names
    shut = [("shut", name) for name in names if name != "Columbus Day"]
    every = [("holiday", name) for name in names]
    assert post(admin, [*NINE_TO_SIX, ("holidays", "on"), *every, *shut]).status_code == 302
    found = kept(salon)
    assert found and found.entered.open_holidays == ("Columbus Day",)
    boxes = re.findall(r'name="shut" value="([^"]+)"( checked)?', admin.get(PAGE).text)
    assert [unescape(name) for name, ticked in boxes if not ticked] == ["Columbus Day"]


def test_a_country_without_known_holidays_says_so(salon: Business, admin: Browser) -> None:
    with tenant_scope(salon.id):
        db.session.get_one(Tenant, salon.id).country = "AC"
        db.session.commit()
    assert "We know of no public holidays for Ascension Island" in admin.get(PAGE).text


def test_another_business_sees_and_changes_nothing_of_it(
    salon: Business, garage: Business, admin: Browser
) -> None:
    assert (
        post(admin, [*NINE_TO_SIX, *dated("0", "2099-01-01", "closed", "Ours")]).status_code == 302
    )
    strangers = Browser(garage.admin)
    assert "Ours" not in strangers.get(PAGE).text
    assert post(strangers, week((0, "10", "11")), 1).status_code == 409
    assert post(strangers, week((0, "10", "11"))).status_code == 302
    found = kept(salon)
    assert found and found.entered.week[0] == (DAY,)
    assert {row.tenant_id for row in everybodys(HoursException)} == {salon.id}


def test_staff_change_nothing(salon: Business, staff: Browser) -> None:
    assert post(staff, NINE_TO_SIX).status_code == 403
    assert everybodys(OpeningInterval) == []


def test_a_form_beyond_all_measure_is_refused(salon: Business, admin: Browser) -> None:
    rows = week(*[(0, f"{n % 24}:{n % 60:02}", "x" * 200) for n in range(900)])
    many = [
        field for n in range(300) for field in dated(str(n), f"2099-01-{n}", "closed", "n" * 300)
    ]
    answer = post(admin, [*rows, *many])
    assert answer.status_code in (413, 422)
    assert kept(salon) is None


def test_the_days_of_the_week_begin_with_monday() -> None:
    assert WEEKDAYS[0] == "Monday" and len(WEEKDAYS) == 7
