"""Who moves or cancels in the calendar sees what the customer is told, and can take it back."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from app.appointments import commands
from app.extensions import db
from app.lib.time.clock import now
from app.models import Appointment, Customer
from app.notifications.configure import change
from app.notifications.dispatch import dispatch
from app.notifications.forecast.preview import preview
from app.replies.read import read_replies
from app.tenancy import tenant_scope
from tests.admin_views.reading import cells, filled, rows, told
from tests.support.browser import Browser
from tests.support.diary import left, options, states
from tests.support.world import Business, hear

JSON = {"Accept": "application/json"}
MOVED, CANCELLED = "appointment_moved", "appointment_cancelled"


@pytest.fixture
def booked(salon: Business, garage: Business) -> int:
    """In three days at half past two, and confirmed; nobody has quiet hours."""
    with tenant_scope(salon.id):
        change.change({"quiet_from": None, "quiet_until": None}, now())
        made = commands.book(
            now(), customer_id=salon.customer_id, starts_at=_at(14.5), duration_minutes=60
        ).id
    dispatch(now())
    left(salon)
    return made


def _at(hour: float) -> datetime:
    there = now().astimezone(ZoneInfo("America/New_York")) + timedelta(days=3)
    return there.replace(hour=int(hour), minute=int(hour % 1 * 60), second=0, microsecond=0)


def test_the_form_says_what_goes_out_and_the_next_page_who_is_told(
    salon: Business, booked: int, staff: Browser
) -> None:
    page = staff.get(f"/calendar/{booked}")
    assert "Tell Ann" in page.text and "at 2:30 PM is cancelled" in page.text
    form = filled(page) | {"time": "16:00"}
    asked = staff.post(f"/calendar/moves/{booked}/notice", data=form, headers=JSON).json or {}
    assert asked["goes"] and "at 4:00 PM" in asked["body"] and "at 4:00 PM" in asked["part"]
    assert asked["told"] == "By SMS, half a minute later:"
    # It was asked only.
    assert states(salon, booked, MOVED) == []
    assert rows(salon, Appointment)[1].starts_at == _at(14.5)
    moved = staff.post(f"/calendar/{booked}/move", data=form)
    assert told(staff.get(moved.location)) == "Saved. Ann is told by SMS in half a minute."
    assert [word.split()[-1] for word in states(salon, booked, MOVED)] == ["planned"]


@pytest.mark.parametrize(
    ("path", "says"), [("move", "Saved. Nobody is told."), ("cancel", "Cancelled. Nobody is told.")]
)
def test_without_the_tick_nobody_is_told(
    salon: Business, booked: int, staff: Browser, path: str, says: str
) -> None:
    sent = {"starts_at": str(_at(16)), "tell": "0"} if path == "move" else {"tell": "0"}
    answer = staff.post(f"/calendar/{booked}/{path}", data=sent)
    assert told(staff.get(answer.location)) == says
    assert states(salon, booked, MOVED) == states(salon, booked, CANCELLED) == []


def test_a_cancelled_one_that_is_reopened_in_time_tells_nobody(
    salon: Business, booked: int, staff: Browser
) -> None:
    staff.post(f"/calendar/{booked}/cancel", headers=JSON)
    assert [word.split()[-1] for word in states(salon, booked, CANCELLED)] == ["planned"]
    # Nobody has heard of it, so the button stands alone.
    page = staff.get(f"/calendar/{booked}").text
    assert "Reopen" in page and "Tell Ann" not in page
    answer = staff.post(f"/calendar/{booked}/reopen")
    says = told(staff.get(answer.location))
    assert says == "Scheduled. Ann is not told. They have heard of nothing else."
    dispatch(now() + timedelta(minutes=1))
    assert [word.split()[-1] for word in states(salon, booked, CANCELLED)] == ["appointment_over"]
    assert states(salon, booked, MOVED) == []


def drag(staff: Browser, booked: int, hour: float) -> dict[str, str]:
    """The fields of the bar that comes after it."""
    to = {"starts_at": f"{_at(hour):%Y-%m-%dT%H:%M}", "bar": "1"}
    answer = staff.post(f"/calendar/{booked}/move", data=to, headers=JSON)
    assert answer.status_code == 200, answer.text
    return _fields((answer.json or {})["bar"])


def _fields(bar: str) -> dict[str, str]:
    class Page:
        text = bar

    return filled(Page()) | {"_text": cells(bar)}  # type: ignore[arg-type]


def test_what_was_dragged_is_put_back_as_it_was_and_nobody_was_told(
    salon: Business, booked: int, staff: Browser
) -> None:
    staff.post(f"/calendar/{booked}/confirm")
    form = drag(staff, booked, 16)
    assert form["_text"].startswith(
        "Moved to 4:00 PM. Tell Ann By SMS, half a minute later: Hi Ann"
    )
    back = staff.post(f"/calendar/moves/{booked}/undo", data=form, headers=JSON)
    assert (back.json or {})["said"] == "Put back to 2:30 PM. Nobody was told."
    [_, after] = rows(salon, Appointment)
    assert (after.starts_at, after.status) == (_at(14.5), "confirmed")
    dispatch(now() + timedelta(minutes=1))
    assert [word.split()[-1] for word in states(salon, booked, MOVED)] == ["moved"]
    # Who puts it back when another has moved it again is told so, and changes nothing.
    again = staff.post(f"/calendar/moves/{booked}/undo", data=form, headers=JSON)
    assert again.status_code == 422 and "meanwhile" in again.text


def test_what_the_customer_said_waits_again_once_it_is_put_back(
    salon: Business, garage: Business, booked: int, staff: Browser
) -> None:
    hear(salon, "I need to cancel please", at=now() + timedelta(seconds=1))
    read_replies(now() + timedelta(minutes=1))
    inbox = "/messages?waiting=1"
    assert "Wants to cancel" in staff.get(inbox).text
    form = drag(staff, booked, 16)
    assert "Wants to cancel" not in staff.get(inbox).text
    undo = f"/calendar/moves/{booked}/undo"
    assert Browser(garage.staff).post(undo, data=form, headers=JSON).status_code == 404
    assert staff.post(undo, data=form, headers=JSON).status_code == 200
    assert "Wants to cancel" in staff.get(inbox).text
    # Of another appointment nothing is put back.
    [first, _] = rows(salon, Appointment)
    reply_id, form = form["reply_id"], drag(staff, booked, 16)
    staff.post(f"/calendar/{first.id}/move", data={"starts_at": "2030-01-02T10:00"})
    back = {"starts_at": first.starts_at.isoformat(), "status": "scheduled", "tell": "0"}
    answer = staff.post(
        f"/calendar/moves/{first.id}/undo", data=back | {"reply_id": reply_id}, headers=JSON
    )
    assert answer.status_code == 200
    assert "Wants to cancel" not in staff.get(inbox).text


def test_who_undoes_too_late_is_told_that_the_customer_hears_of_it(
    salon: Business, booked: int, staff: Browser
) -> None:
    form = drag(staff, booked, 16)
    dispatch(now() + timedelta(minutes=1))
    left(salon)
    hushed = staff.post(f"/calendar/moves/{booked}/tell", data=form | {"tell": "0"}, headers=JSON)
    assert hushed.status_code == 422 and "too late" in hushed.text
    back = staff.post(f"/calendar/moves/{booked}/undo", data=form, headers=JSON).json or {}
    assert back["said"].startswith("Put back to 2:30 PM. Ann is told by SMS")


def test_the_tick_of_the_bar_is_taken_away_and_put_back(
    salon: Business, booked: int, staff: Browser
) -> None:
    form, path = drag(staff, booked, 16), f"/calendar/moves/{booked}/tell"
    for tick, state in (("0", "settings"), ("1", "planned"), ("0", "settings")):
        answer = staff.post(path, data=form | {"tell": tick}, headers=JSON)
        assert answer.status_code == 200
        assert states(salon, booked, MOVED)[0].endswith(state)
        assert ("tell" in _fields((answer.json or {})["bar"])) and (
            ("4:00 PM with" in (answer.json or {})["bar"]) is (tick == "1")
        )
    # Put back without a tick it is known, too.
    staff.post(f"/calendar/moves/{booked}/undo", data=form | {"tell": "0"}, headers=JSON)
    dispatch(now() + timedelta(minutes=1))
    assert len(states(salon, booked, MOVED)) == 1


def test_who_was_moved_twice_and_put_back_once_is_told_what_they_do_not_know_yet(
    salon: Business, booked: int, staff: Browser
) -> None:
    drag(staff, booked, 16)
    form, path = drag(staff, booked, 17), f"/calendar/moves/{booked}"
    for tick in ("0", "1"):
        staff.post(f"{path}/tell", data=form | {"tell": tick}, headers=JSON)
    assert told_time(salon) == "5:00 PM"
    # Put back to four o'clock, of which nobody has told her yet, whatever the tick says.
    for tick in ("1", "0"):
        staff.post(f"{path}/tell", data=form | {"tell": tick}, headers=JSON)
        back = staff.post(f"{path}/undo", data=form | {"tell": tick}, headers=JSON).json or {}
        assert back["said"].startswith("Put back to 4:00 PM. Ann is told by SMS")
        assert told_time(salon) == "4:00 PM"
        form = drag(staff, booked, 17)
    cancelled = staff.get(f"/calendar/{booked}").text
    assert "at 2:30 PM is cancelled" in cancelled


def told_time(owner: Business) -> str:
    """Of the one notice that goes out in half a minute."""
    with tenant_scope(owner.id):
        [going] = preview(now(), now() + timedelta(minutes=1)).going
        db.session.rollback()
    return going.send.wording.body.partition(" at ")[2].partition(" at ")[2][:7]  # type: ignore[union-attr]


@pytest.mark.parametrize("command", ["cancel", "move"])
@pytest.mark.parametrize("verb", ["undo", "tell"])
def test_the_bar_changes_nothing_of_what_another_has_done_meanwhile(
    salon: Business, booked: int, staff: Browser, admin: Browser, command: str, verb: str
) -> None:
    form = drag(staff, booked, 16)
    another = {"starts_at": _at(17).isoformat()} if command == "move" else {}
    admin.post(f"/calendar/{booked}/{command}", data=another)
    late = form | {"tell": "0"}
    answer = staff.post(f"/calendar/moves/{booked}/{verb}", data=late, headers=JSON)
    assert answer.status_code == 422
    [_, after] = rows(salon, Appointment)
    assert after.agreed_start == (_at(17) if command == "move" else None)
    kind = MOVED if command == "move" else CANCELLED
    assert states(salon, booked, kind)[-1].endswith("planned")


@pytest.mark.parametrize("why", ["stopped", "off", "past", "paused"])
def test_the_form_says_why_nobody_is_told(
    salon: Business, booked: int, staff: Browser, why: str
) -> None:
    says, to = "", _at(16)
    if why == "stopped":
        hear(salon, "STOP", at=now())
        says = "Ann is not told. This person replied STOP."
    if why == "off":
        options(salon, MOVED, enabled=False)
        says = "Ann is not told. Messages of this kind are turned off."
    if why == "past":
        to, says = now() - timedelta(hours=1), "Ann is not told. It is in the past."
    if why == "paused":
        with tenant_scope(salon.id):
            change.pause(now())
        says = "All automatic messages are paused: it waits until an admin lets them go on."
    path = f"/calendar/moves/{booked}/notice"
    answer = staff.post(path, json={"starts_at": to.isoformat()}, headers=JSON).json or {}
    assert says in answer["told"], answer


def test_another_business_cannot_ask_nor_tell(
    salon: Business, booked: int, garage: Business
) -> None:
    theirs = Browser(garage.staff)
    for verb in ("notice", "tell", "undo"):
        form = {"starts_at": _at(16).isoformat(), "status": "scheduled"}
        answer = theirs.post(f"/calendar/moves/{booked}/{verb}", data=form, headers=JSON)
        assert answer.status_code == 404
    assert states(salon, booked, MOVED) == []


def test_the_panel_tells_and_leaves_it(salon: Business, booked: int, admin: Browser) -> None:
    path = f"/admin/appointments/edit/?id={booked}"
    whom = {"customer": salon.customer_id, "service": "", "staff_member": ""}
    form = filled(admin.get(path)) | whom
    assert "tell" in form and "tell" not in filled(admin.get("/admin/appointments/new/"))
    # What it would tell is asked while it is filled in.
    asked = admin.post(
        f"/calendar/moves/{booked}/notice", data=form | {"status": "cancelled"}, headers=JSON
    )
    assert "2:30 PM is cancelled" in asked.text and "data-notice" in admin.get(path).text
    admin.post(path, data=form | {"starts_at": f"{_at(16):%Y-%m-%d %H:%M}"})
    assert [word.split()[-1] for word in states(salon, booked, MOVED)] == ["planned"]
    form.pop("tell")
    answer = admin.post(path, data=form | {"status": "cancelled"})
    assert "Nobody is told." in told(admin.get(answer.location))
    assert states(salon, booked, CANCELLED) == []


def test_the_name_and_the_words_of_a_customer_are_text(
    salon: Business, booked: int, staff: Browser
) -> None:
    with tenant_scope(salon.id):
        db.session.get_one(Customer, salon.customer_id).first_name = "<b>Ann</b>"
        db.session.commit()
    bar = drag(staff, booked, 16)["_text"]
    assert "Tell <b>Ann</b>" in bar and "Hi <b>Ann</b>" in bar
    assert "<b>" not in staff.get(f"/calendar/{booked}").text
