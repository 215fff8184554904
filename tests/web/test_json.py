"""What a program sends is understood, or refused in a sentence; never a fault of ours."""

import pytest
from sqlalchemy import select

from app.extensions import db
from app.models import MessageTemplate, Notification
from app.tenancy import tenant_scope
from tests.admin_views.reading import rows
from tests.support.browser import Browser
from tests.support.diary import book
from tests.support.world import Business


@pytest.fixture
def addresses(salon: Business, garage: Business) -> dict[str, str]:
    book(salon, "2027-11-20 10:00", now="2026-11-10 12:00")
    book(garage, "2027-11-20 10:00", now="2026-11-10 12:00")
    with tenant_scope(salon.id):
        planned = select(Notification.id).where(Notification.status == "planned")
        text = select(MessageTemplate.id).where(MessageTemplate.channel == "whatsapp")
        found = {"notification": planned, "template": text}
        return {name: f"{db.session.scalars(query).first()}" for name, query in found.items()}


@pytest.mark.parametrize("accept", ["application/json", "text/html"])
@pytest.mark.parametrize(
    ("method", "path", "body"),
    [
        ("POST", "/notifications/{notification}/send-now", "[]"),
        ("POST", "/notifications/{notification}/send-now", '"1"'),
        ("PUT", "/settings/notifications", "[1]"),
        ("POST", "/settings/message-templates/preview", "7"),
        ("POST", "/calendar/new", "null"),
        ("POST", "/calendar/new", r'{"customer_id": 1, "starts_at": "\ud800"}'),
        ("POST", "/calendar/new", r'{"customer_id": 1, "notes": "\ud800"}'),
        ("PUT", "/settings/notifications", r'{"quiet_from": "\ud800"}'),
        ("PUT", "/settings/notifications", r'{"\ud800": 1}'),
        (
            "PUT",
            "/settings/message-templates/{template}",
            r'{"approved": 1, "gaps": {"1": "\ud800"}}',
        ),
    ],
)
def test_what_is_no_object_or_no_text_is_not_understood(
    method: str,
    path: str,
    body: str,
    accept: str,
    salon: Business,
    addresses: dict[str, str],
    admin: Browser,
) -> None:
    headers = {"Accept": accept, "Content-Type": "application/json"}
    before = [row.status for row in rows(salon, Notification)]
    answer = admin.send(method, path.format_map(addresses), data=body, headers=headers)
    assert (answer.status_code, "was not understood" in answer.text) == (400, True)
    assert [row.status for row in rows(salon, Notification)] == before
