"""The page of working hours: admins change them, staff read them, strangers see nobody."""

from typing import Any

import pytest
from werkzeug.datastructures import MultiDict

from app.business_hours.opening_hours import Interval
from app.business_hours.save_working_hours import Working, working_of
from app.business_hours.working_hours import Off
from app.extensions import db
from app.models import AuditEntry, StaffMember, TimeOff
from app.tenancy import tenant_scope
from tests.admin_views.reading import cells, everybodys, rows, told
from tests.support.browser import Browser
from tests.support.working import NINE_TO_SIX, days, opens, person
from tests.support.world import NOON, Business

PAGE = "/settings/working-hours/"
OPENS, CLOSES = "week.0.opens", "week.0.closes"
MONDAY = [(OPENS, "9"), (CLOSES, "1pm"), (OPENS, "14"), (CLOSES, "18")]
OWN = [("own", "on"), *MONDAY]


def away(key: str, first: str, last: str = "", note: str = "") -> list[tuple[str, str]]:
    place = f"exceptions.{key}"
    named = (f"{place}.day", first), (f"{place}.until", last), (f"{place}.note", note)
    return [("exception", key), *named]


def post(who: Browser, id_: int, fields: list[tuple[str, str]], version: int | str = 0) -> Any:
    return who.post(f"{PAGE}{id_}", data=MultiDict([("version", str(version)), *fields]))


def kept(owner: Business, id_: int) -> Working:
    db.session.rollback()
    db.session.expire_all()
    with tenant_scope(owner.id):
        return working_of(db.session.get_one(StaffMember, id_), NOON.date())


def test_an_admin_says_when_somebody_works_and_staff_read_it(
    salon: Business, admin: Browser, staff: Browser
) -> None:
    opens(salon, NINE_TO_SIX)
    sofia, zoe = person(salon), person(salon, "Zoe")
    fields = [*OWN, *away("7", "2099-12-07", "2099-12-09", "Lisbon <b>"), *away("9", "2099-12-24")]
    assert post(admin, sofia, fields).status_code == 302
    found = kept(salon, sofia)
    assert found.week == ((Interval(540, 780), Interval(840, 1080)), *((),) * 6)
    assert [each.note for each in found.off] == ["Lisbon <b>", ""]
    read = staff.get(PAGE).text
    assert "Sofia Mon 9:00 AM-1:00 PM, 2:00 PM-6:00 PM Dec 7 – 9, 2099 Lisbon <b>" in cells(read)
    assert "Zoe As the business is open" in cells(read) and "<b>" not in read.replace("<br>", "")
    assert "Change" not in cells(read)
    assert staff.get(f"{PAGE}{zoe}").status_code == post(staff, zoe, OWN).status_code == 403
    [logged] = [each for each in rows(salon, AuditEntry) if each.row_kind == "staff_member"]
    assert logged.changes["hours"] == ["those of the business", ["Mon 09:00–13:00 14:00–18:00"]]


def test_whoever_has_hours_of_their_own_no_more_works_as_the_business_is_open(
    salon: Business, admin: Browser
) -> None:
    sofia = person(salon)
    assert post(admin, sofia, OWN).status_code == 302
    assert post(admin, sofia, MONDAY, 1).status_code == 302
    assert kept(salon, sofia).week is None


def test_what_is_wrong_is_told_and_nothing_is_saved(salon: Business, admin: Browser) -> None:
    sofia = person(salon)
    wrong = [("week.1.opens", "9"), ("week.1.closes", "soon")]
    answer = post(admin, sofia, [*OWN, *wrong, *away("0", "2099-12-09", "2099-12-07")])
    assert answer.status_code == 422
    assert "“soon” is no time" in cells(answer.text) and "Swap them" in cells(answer.text)
    assert kept(salon, sofia) == Working(None, ())


def test_who_saw_an_older_version_is_told_and_changes_nothing(
    salon: Business, admin: Browser
) -> None:
    sofia = person(salon)
    post(admin, sofia, [*OWN, *away("0", "2099-12-24")])
    answer = post(admin, sofia, MONDAY, 0)
    assert answer.status_code == 409
    assert "Somebody else has changed the hours" in told(answer)
    assert kept(salon, sofia).off


@pytest.mark.parametrize(
    ("button", "rows_", "days_"),
    [
        (("add", "week.0"), 3, 1),
        (("remove", "week.0.1"), 1, 1),
        (("add", "exceptions"), 2, 2),
        (("remove", "exceptions.0"), 2, 0),
        (("remove", "exceptions.nonsense"), 2, 1),
    ],
)
def test_without_a_script_rows_come_and_go_and_nothing_is_stored(
    salon: Business, admin: Browser, button: tuple[str, str], rows_: int, days_: int
) -> None:
    sofia = person(salon)
    answer = post(admin, sofia, [*OWN, *away("5", "2099-12-24"), button])
    form = answer.text.partition('<form id="hours"')[2].partition("</form>")[0]
    assert answer.status_code == 200
    assert form.count('name="week.0.opens"') == rows_
    assert form.count('name="exception"') == days_
    assert kept(salon, sofia) == Working(None, ())


def test_a_stranger_s_staff_are_nobody(salon: Business, garage: Business, admin: Browser) -> None:
    theirs = person(garage)
    assert admin.get(f"{PAGE}{theirs}").status_code == 404
    assert post(admin, theirs, OWN).status_code == 404
    assert kept(garage, theirs).week is None


def test_days_off_that_are_over_stay_as_they_are(salon: Business, admin: Browser) -> None:
    sofia = person(salon)
    with tenant_scope(salon.id):
        [old] = days("2020-01-01")
        db.session.add(TimeOff(staff_member_id=sofia, first_day=old.first, last_day=old.last))
        db.session.commit()
    assert post(admin, sofia, away("0", "2099-12-24")).status_code == 302
    assert len(everybodys(TimeOff)) >= 2
    assert kept(salon, sofia).off == (Off(*days("2099-12-24")[0][:2]),)
