"""A calendar program reads appointments by a secret address, and nobody else does."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
import time_machine
from icalendar import Calendar, Event
from sqlalchemy import select

from app.appointments import commands
from app.appointments.feeds import feed_addresses as addresses
from app.appointments.feeds import write_feed
from app.appointments.feeds.write_feed import AHEAD, BACK, EVERY
from app.extensions import db
from app.models import AuditEntry, CalendarFeed, Customer, Service, StaffMember
from app.tenancy import tenant_scope
from tests.admin_views.reading import rows
from tests.support.browser import Browser
from tests.support.world import NOON, Business

TOMORROW = NOON + timedelta(days=1)
FEEDS = "/admin/calendar-feeds/"


def path(business: Business, token: str = "") -> str:
    token = token or f"the calendar of {business.slug}"
    return f"/calendar/feed/{business.slug}/{token}.ics"


def made(business: Business, admin: Browser, shows: str, whose: str = "") -> str:
    """The path of a new feed, as its page shows it."""
    assert admin.post(FEEDS, data={"whose": whose, "shows": shows}).status_code == 302
    with tenant_scope(business.id):
        newest = db.session.scalars(select(CalendarFeed).order_by(CalendarFeed.id.desc())).first()
        assert newest
        address = addresses.address(newest, business.slug)
    assert address and address in admin.get(FEEDS).text
    return address.removeprefix("http://localhost")


def read(where: str) -> list[Event]:
    answer = Browser().get(where)
    assert (answer.status_code, answer.mimetype) == (200, "text/calendar")
    return Calendar.from_ical(answer.data).events


def book(business: Business, at: datetime, **details: object) -> int:
    with tenant_scope(business.id):
        service = db.session.scalars(select(Service)).first()
        said = {"customer_id": business.customer_id, "duration_minutes": 45} | details
        assert service
        return commands.book(NOON, starts_at=at, service_id=service.id, **said).id  # type: ignore[arg-type]


@pytest.fixture(autouse=True)
def noon() -> object:
    with time_machine.travel(NOON, tick=False) as moment:
        yield moment


def test_a_program_reads_what_is_booked_and_what_becomes_of_it(
    salon: Business, garage: Business
) -> None:
    starts = datetime(2026, 11, 20, 9, 30, tzinfo=ZoneInfo("America/New_York"))
    id_ = book(salon, starts)
    [_, event] = read(path(salon))
    assert event.start == starts and event.end == starts + timedelta(minutes=45)
    assert event.start.tzinfo == UTC or event.start.utcoffset() == timedelta(0)
    assert event["UID"] == f"appointment-{id_}@localhost"
    assert event["SUMMARY"] == "Cut – Ann Salon"
    with tenant_scope(salon.id):
        commands.change(id_, NOON, starts_at=starts + timedelta(hours=2))
    [_, moved] = read(path(salon))
    assert (moved["UID"], moved.start) == (event["UID"], starts + timedelta(hours=2))
    with tenant_scope(salon.id):
        commands.cancel(id_, NOON)
    assert [each["UID"] for each in read(path(salon))] != []
    assert event["UID"] not in [each["UID"] for each in read(path(salon))]


def test_both_hours_of_a_night_that_has_one_twice_are_told_apart(salon: Business) -> None:
    zone = ZoneInfo("America/New_York")
    twice = [datetime(2027, 11, 7, 1, 30, tzinfo=zone, fold=fold) for fold in (0, 1)]
    with time_machine.travel(datetime(2027, 11, 1, tzinfo=UTC), tick=False):
        for at in twice:
            book(salon, at)
        starts = [each.start for each in read(path(salon))]
    assert starts == [datetime(2027, 11, 7, hour, 30, tzinfo=UTC) for hour in (5, 6)]


@pytest.mark.parametrize(
    ("shows", "told"),
    [
        ("names", "Cut – Ann Salon (Sofia)"),
        ("initials", "Cut – Ann S. (Sofia)"),
        ("busy", "Booked (Sofia)"),
    ],
)
def test_it_tells_as_much_as_was_chosen_and_no_number(
    salon: Business, garage: Business, admin: Browser, shows: str, told: str
) -> None:
    where = made(salon, admin, shows)
    assert [each["SUMMARY"] for each in read(where)] == [told]
    with tenant_scope(salon.id):
        person = db.session.get_one(Customer, salon.customer_id)
        person.first_name = person.last_name = ""
        db.session.commit()
    [event] = read(where)
    assert event["SUMMARY"] in ("Cut (Sofia)", "Booked (Sofia)")
    assert salon.customer_number[1:] not in Browser().get(where).text


def test_a_staff_members_has_theirs_alone(
    salon: Business, garage: Business, admin: Browser
) -> None:
    with tenant_scope(salon.id):
        other = StaffMember(name="Maya")
        db.session.add(other)
        db.session.commit()
        other_id = str(other.id)
    where = made(salon, admin, "names", other_id)
    assert read(where) == []
    book(salon, TOMORROW, staff_member_id=int(other_id))
    assert [each["SUMMARY"] for each in read(where)] == ["Cut – Ann Salon"]
    text = Browser().get(where).text
    assert "\r\nX-PUBLISHED-TTL:PT30M\r\n" in text
    calendar = Calendar.from_ical(text)
    assert calendar["NAME"] == calendar["X-WR-CALNAME"] == "Bella's Salon: Maya"
    assert calendar["REFRESH-INTERVAL"].dt == EVERY


def test_it_goes_a_month_back_and_a_year_ahead(salon: Business) -> None:
    for days in (BACK + timedelta(days=2), AHEAD):
        book(salon, NOON - days if days < AHEAD else NOON + days + timedelta(minutes=1))
    book(salon, NOON + AHEAD - timedelta(days=1))
    assert len(read(path(salon))) == 2


def test_what_is_cancelled_takes_nobodys_place(
    salon: Business, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(write_feed, "MOST", 2)
    for hours in (1, 2, 3):
        id_ = book(salon, NOON + timedelta(hours=hours))
        if hours < 3:
            with tenant_scope(salon.id):
                commands.cancel(id_, NOON)
    starts = [each.start for each in read(path(salon))]
    assert starts == [NOON + timedelta(hours=3), TOMORROW]


def test_whoever_works_there_no_more_reads_no_more(
    salon: Business, garage: Business, admin: Browser
) -> None:
    [person] = rows(salon, StaffMember)
    where = made(salon, admin, "names", str(person.id))
    assert len(read(where)) == 1

    def let(active: bool) -> None:
        with tenant_scope(salon.id):
            db.session.get_one(StaffMember, person.id).active = active
            db.session.commit()

    let(False)
    assert Browser().get(where).status_code == 404
    assert "It is not read any more: Sofia is not active." in admin.get(FEEDS).text
    again = admin.post(FEEDS, data={"whose": person.id, "shows": "names"}, follow_redirects=True)
    assert "works here no more" in again.text
    assert len(read(path(salon))) == len(read(path(garage))) == 1
    let(True)
    assert len(read(where)) == 1


def test_whoever_has_what_it_says_reads_it_no_more(salon: Business) -> None:
    tag = Browser().get(path(salon)).headers["ETag"]
    again = Browser().get(path(salon), headers={"If-None-Match": tag})
    assert (again.status_code, again.data) == (304, b"")
    book(salon, TOMORROW)
    answer = Browser().get(path(salon), headers={"If-None-Match": tag})
    assert answer.status_code == 200 and answer.headers["ETag"] != tag
    assert answer.headers["Cache-Control"] == "private, no-cache"
    assert "Set-Cookie" not in answer.headers


def test_an_address_is_of_its_business_and_holds_until_it_is_made_anew_or_removed(
    salon: Business, garage: Business, admin: Browser
) -> None:
    strangers = f"the calendar of {garage.slug}"
    for wrong in (path(salon, strangers), path(salon, "x"), "/calendar/feed/nobody/x.ics"):
        assert Browser().get(wrong).status_code == 404
    [feed] = rows(salon, CalendarFeed)
    [strange] = rows(garage, CalendarFeed)
    assert admin.post(f"{FEEDS}{strange.id}/renew").status_code == 404
    theirs = {"calendar_feed_id": strange.id}
    assert admin.post(f"{FEEDS}remove", data=theirs).status_code == 404
    admin.post(f"{FEEDS}{feed.id}/renew")
    assert Browser().get(path(salon)).status_code == 404
    assert len(read(path(garage))) == 1
    [feed] = rows(salon, CalendarFeed)
    fresh = addresses.address(feed, salon.slug) or ""
    assert len(read(fresh.removeprefix("http://localhost"))) == 1
    admin.post(f"{FEEDS}remove", data={"calendar_feed_id": feed.id})
    assert Browser().get(fresh.removeprefix("http://localhost")).status_code == 404
    told = [(each.action, each.changes) for each in rows(salon, AuditEntry)]
    assert not [each for each in told if fresh.rpartition("/")[2][:20] in str(each)]
    assert {action for action, _ in told} == {"changed", "deleted"}


def test_an_admin_sees_whether_it_is_read(salon: Business, admin: Browser, staff: Browser) -> None:
    assert "No program has read it yet." in admin.get(FEEDS).text
    read(path(salon))
    assert "Last read" in admin.get(FEEDS).text
    assert "Subscribe" in admin.get("/calendar").text
    assert "Subscribe" not in staff.get("/calendar").text and staff.get(FEEDS).status_code == 403


def test_a_form_that_asks_for_what_cannot_be_makes_nothing(
    salon: Business, garage: Business, admin: Browser
) -> None:
    [theirs] = rows(garage, StaffMember)
    assert admin.post(FEEDS, data={"whose": theirs.id, "shows": "names"}).status_code == 404
    page = admin.post(FEEDS, data={"shows": "everything"}, follow_redirects=True)
    assert "Choose what the calendar shows." in page.text
    assert len(rows(salon, CalendarFeed)) == 1
