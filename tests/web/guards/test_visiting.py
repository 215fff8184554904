"""An operator visits a business for a reason, which it reads, and leaves most of it as it is."""

from datetime import timedelta

from app.lib.time.clock import now
from app.models import AuditEntry, Service, User
from app.web.guards.entering import SINCE
from tests.admin_views.reading import everybodys, rows
from tests.support.browser import Browser
from tests.support.world import Business

OIL = {"name": "Oil change", "duration_minutes": "30"}


def enter(person: Browser, business: Business, **form: str) -> int:
    return person.post(f"/admin/tenants/enter/{business.id}", data=form).status_code


def look(person: Browser, business: Business) -> None:
    """Enter without a tick at: may change things."""
    form = {"reason": "A reminder did not go out", "csrf_token": person.token}
    answer = person.client.post(f"/admin/tenants/enter/{business.id}", data=form)
    assert answer.status_code == 302
    person.refresh_token()


def test_nobody_enters_without_a_reason(
    salon: Business, garage: Business, operator: Browser
) -> None:
    door = operator.get(f"/admin/tenants/enter/{salon.id}").text
    assert "The admins of Bella&#39;s Salon read it" in door
    for reason in ("", "  ", "\u200b", "\x00"):
        assert enter(operator, salon, reason=reason) == 422, repr(reason)
    assert operator.get("/messages").location == "/admin/tenants/"
    assert rows(salon, AuditEntry) == []


def test_the_business_reads_who_came_why_and_what_they_did(
    salon: Business, garage: Business, operator: Browser, admin: Browser
) -> None:
    assert enter(operator, salon, reason="<b>Numbers</b>") == 302
    assert operator.post("/admin/services/new/", data=OIL).status_code == 302
    operator.post("/admin/tenants/leave")
    page = admin.get("/admin/audit-log/?who=support").text
    assert (
        "KaiVox support began to look at the business, and may change things:"
        " &lt;b&gt;Numbers&lt;/b&gt;."
    ) in page
    assert "KaiVox support added the service “Oil change”." in page
    assert "KaiVox support left the business." in page
    name = rows(salon, AuditEntry)[0].actor_name
    assert name and f"{name} added the service" not in page
    assert f"{name} added the service" in operator.get("/admin/platform-audit/?business=all").text
    assert rows(garage, AuditEntry) == []


def test_who_only_looks_changes_nothing(
    salon: Business, garage: Business, operator: Browser
) -> None:
    look(operator, salon)
    page = operator.get("/messages").text
    assert "You only look, until" in page and "A reminder did not go out" in page
    answer = operator.post("/admin/services/new/", data=OIL)
    assert answer.status_code == 403 and "You are only looking at this business" in answer.text
    told = operator.post("/messages/send", json={"customer_id": salon.customer_id, "body": "Hi"})
    assert told.status_code == 403 and "nothing was changed" in told.json["error"]
    assert operator.send("PUT", "/settings/notifications", json={}).status_code == 403
    assert [service.name for service in rows(salon, Service)] == ["Cut"]
    # What is of no business goes on.
    assert operator.post("/admin/parked/settle").status_code == 302


def test_nobody_comes_in_as_somebody_of_the_business_or_takes_its_data_along(
    salon: Business, garage: Business, operator: Browser
) -> None:
    enter(operator, salon)
    staff = next(each for each in everybodys(User) if each.email == salon.staff)
    before = staff.password
    form = {"name": "Maya", "email": "op@platform.test", "role": "staff", "new_password": "x" * 20}
    for path in (f"edit/?id={staff.id}", "new/"):
        answer = operator.post(f"/admin/users/{path}", data=form)
        assert answer.status_code == 403 and "changes no users and passwords" in answer.text
    for panel in ("customers", "appointments", "messages", "calls", "users", "services"):
        assert operator.get(f"/admin/{panel}/export/csv/").status_code == 403, panel
        assert f"/admin/{panel}/export/" not in operator.get(f"/admin/{panel}/").text, panel
    assert operator.get("/admin/audit-log/export/csv/").status_code == 403
    after = next(each for each in everybodys(User) if each.email == salon.staff)
    assert (after.password, after.email) == (before, salon.staff)


def test_a_session_from_before_reasons_were_asked_for_only_looks(
    salon: Business, garage: Business, operator: Browser
) -> None:
    enter(operator, salon)
    with operator.client.session_transaction() as session:
        for name in ("entered_for", "entered_may_change"):
            session.pop(name)
        session[SINCE] = (now() - timedelta(minutes=59)).timestamp()
    assert operator.get("/messages").status_code == 200
    assert operator.post("/admin/services/new/", data=OIL).status_code == 403
