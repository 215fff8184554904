"""Staff see what goes out until the end of tomorrow, and why not; and decide about any one."""

from datetime import timedelta
from zoneinfo import ZoneInfo

import pytest
from flask import current_app
from sqlalchemy import select, update

from app.extensions import db
from app.lib.time.clock import now
from app.models import Appointment, Message, Notification, Tenant
from app.notifications.planning.plan import keep
from app.tenancy import tenant_scope
from tests.admin_views.reading import cells, rows, told
from tests.support.browser import Browser
from tests.support.world import Business

JSON = {"Accept": "application/json"}


@pytest.fixture
def due(salon: Business, garage: Business) -> tuple[int, int]:
    """Of our appointment, and of the stranger's: a reminder that goes out in an hour."""
    ours, theirs = (_reminder(owner) for owner in (salon, garage))
    return ours, theirs


def _reminder(owner: Business) -> int:
    with tenant_scope(owner.id):
        # By the real clock, as the page looks at it; so no hour may be quiet.
        quiet = {"quiet_from": None, "quiet_until": None}
        db.session.execute(update(Tenant).where(Tenant.id == owner.id).values(**quiet))
        appointment = Appointment(
            customer_id=owner.customer_id,
            starts_at=now() + timedelta(hours=25),
            booked_at=now() - timedelta(days=3),
        )
        db.session.add(appointment)
        keep(appointment, now(), announce=False)
        db.session.commit()
        query = select(Notification.id).where(Notification.type == "appointment_reminder")
        return db.session.scalars(query).one()


def test_the_page_and_the_command_tell_the_same(
    salon: Business, garage: Business, staff: Browser, due: tuple[int, int]
) -> None:
    page = cells(staff.get("/tomorrow").text)
    program = staff.get("/tomorrow", headers=JSON).json
    assert program
    (entry,) = program["notifications"]
    assert (entry["id"], entry["to"]) == (due[0], salon.customer_number)
    command = current_app.test_cli_runner().invoke(
        args=["notifications", "preview", "--tenant", "salon"]
    )
    assert command.exit_code == 0, command.output
    for said in (entry["body"], "(212) 555-0142", "24 hours before the appointment"):
        assert said in page and said in command.output
    count = f"{entry['segments']} segment{'s' if entry['segments'] > 1 else ''}"
    for output in (page, command.output):
        assert f"1 to send, {count}; 0 left out" in output
    assert "Garage" not in page + command.output
    assert "0 to send" in _previewed("salon", f"{now():%Y-%m-%dT%H:%M}+00:00")
    assert "is no time" in _previewed("salon", "tomorrow")
    assert "no business" in _previewed("nobody", "2026-11-30")


def _previewed(slug: str, at: str) -> str:
    args = ["notifications", "preview", "--tenant", slug, "--at", at]
    return current_app.test_cli_runner().invoke(args=args).output


def test_one_is_sent_now_or_cancelled_and_the_appointment_tells(
    salon: Business, garage: Business, staff: Browser, admin: Browser, due: tuple[int, int]
) -> None:
    ours, theirs = due
    for command in ("cancel", "send-now"):
        assert staff.post(f"/notifications/{theirs}/{command}").status_code == 404
        assert staff.client.get(f"/notifications/{ours}/{command}").status_code == 405
    appointment = next(row for row in rows(salon, Notification) if row.id == ours).appointment_id
    details = f"/admin/appointments/details/?id={appointment}"
    for page in (admin.get(details), staff.get(f"/calendar/{appointment}")):
        assert "Goes out on " in cells(page.text)
    hour, wall = timedelta(hours=1), now().astimezone(ZoneInfo(salon.timezone))
    quiet = {"quiet_from": (wall - hour).time(), "quiet_until": (wall + hour).time()}
    db.session.execute(update(Tenant).where(Tenant.id == salon.id).values(**quiet))
    db.session.commit()
    refused = staff.post(f"/notifications/{ours}/send-now", headers=JSON)
    assert refused.status_code == 422 and refused.json and refused.json["quiet"]
    sent = staff.post(f"/notifications/{ours}/send-now", data={"although_quiet": "1"})
    assert sent.status_code == 302
    assert [row.status for row in rows(salon, Message)][1:] == ["queued"]
    assert "Waits in the outbox since " in cells(admin.get(details).text)
    again = staff.post(f"/notifications/{ours}/cancel")
    assert "not planned any more" in told(staff.get(again.location))
    assert not rows(garage, Message)[1:]
