"""A segment has the customers of whom all its filters hold, and no other business's."""

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select

from app.extensions import db
from app.models import (
    Appointment,
    ContactPoint,
    Conversation,
    ConversationLabel,
    Customer,
    CustomerSegment,
    Label,
    Service,
)
from app.segments.keep_segments import BadSegment, count, read
from app.segments.segment_filters import FILTERS, conditions
from app.tenancy import tenant_scope
from tests.admin_views.reading import rows
from tests.support.browser import Browser
from tests.support.world import NOON, Business

DAY = timedelta(days=1)
PAGE = "/admin/segments/"


@pytest.fixture
def ann(salon: Business, garage: Business) -> int:
    """She was here 100 days ago, for a cut, comes again, has a label and speaks Spanish; as does
    somebody of another business."""
    return [_ann(owner) for owner in (garage, salon)][-1]


def _ann(owner: Business) -> int:
    with tenant_scope(owner.id):
        service, label = Service(name="Trim"), Label(name="Regular")
        db.session.add_all([service, label])
        db.session.flush()
        made = Customer(first_name="Ann", last_name="Segment", language="es-MX")
        made.contact_points.append(ContactPoint(channel="email", address=f"ann@{owner.slug}.seg"))
        db.session.add(made)
        db.session.flush()
        for days, status in ((100, "completed"), (-3, "scheduled"), (5, "cancelled")):
            visit = Appointment(customer_id=made.id, starts_at=NOON - days * DAY, status=status)
            visit.service_id = service.id
            db.session.add(visit)
        seen = {"last_channel": "email", "last_direction": "inbound", "unread_count": 0}
        talk = Conversation(customer_id=made.id, last_message_at=NOON - 20 * DAY, **seen)
        talk.preview, talk.last_message_id = "Hello", 1
        mark = ConversationLabel(customer_id=made.id, label_id=label.id, at=NOON)
        db.session.add_all([talk, mark])
        db.session.commit()
        return made.id


def names(owner: Business, filters: dict[str, Any]) -> list[str]:
    with tenant_scope(owner.id):
        found = select(Customer.last_name).where(*conditions(filters, NOON))
        return list(db.session.scalars(found.where(Customer.first_name == "Ann")))


def id_of(owner: Business, kind: type[Any], name: str) -> int:
    return next(int(each.id) for each in rows(owner, kind) if each.name == name)


@pytest.mark.parametrize(
    ("filters", "holds"),
    [
        ({"visited": 101}, True),
        ({"visited": 99}, False),
        ({"away": 99}, True),
        ({"away": 101}, False),
        ({"coming": "yes"}, True),
        ({"coming": "no"}, False),
        ({"language": "es"}, True),
        ({"language": "en"}, False),
        ({"channel": "email"}, True),
        ({"channel": "sms"}, False),
        ({"heard": 21}, True),
        ({"heard": 19}, False),
        ({"silent": 19}, True),
        ({"silent": 21}, False),
        ({"away": 99, "language": "en"}, False),
    ],
)
def test_each_filter_holds_of_whom_it_says(
    salon: Business, ann: int, filters: dict[str, Any], holds: bool
) -> None:
    assert ("Segment" in names(salon, filters)) is holds


def test_a_service_and_a_label_are_the_businesss_own(
    salon: Business, garage: Business, ann: int
) -> None:
    for key, kind, name in (("service", Service, "Trim"), ("label", Label, "Regular")):
        assert names(salon, {key: id_of(salon, kind, name)}) == ["Segment"]
        assert names(salon, {key: id_of(garage, kind, name)}) == []
        theirs = str(id_of(garage, kind, name))
        with tenant_scope(salon.id), pytest.raises(BadSegment, match="gone"):
            read({key: theirs})


def test_what_cannot_be_meant_is_refused_in_words(salon: Business) -> None:
    for wrong in ({"away": "0"}, {"away": "x"}, {"visited": "99999"}, {"coming": "perhaps"}):
        with tenant_scope(salon.id), pytest.raises(BadSegment):
            read(wrong)
    with tenant_scope(salon.id):
        assert read({"away": " 90 ", "language": "Spanish", "name": "x", "heard": ""}) == {
            "away": 90,
            "language": "es",
        }


def test_an_admin_keeps_one_and_sees_whom_it_has(
    salon: Business, garage: Business, ann: int
) -> None:
    admin = Browser(salon.admin)
    given = {"name": "Spanish by email", "channel": "email", "language": "es"}
    assert admin.post(PAGE, data=given).status_code == 302
    page = admin.get(PAGE).text
    assert "speak Spanish, and are reached by Email" in page and "1 customer<" in page
    twice = admin.post(PAGE, data=given | {"name": "spanish BY email"})
    assert twice.status_code == 422 and "has this name already" in twice.text
    kept = rows(salon, CustomerSegment)[-1]
    assert admin.get(f"{PAGE}count?language=es&channel=email").get_json()["customers"] == 1
    assert admin.get(f"{PAGE}count?away=x").status_code == 422
    assert (
        admin.post(f"{PAGE}{kept.id}", data=given | {"away": "150", "channel": ""}).status_code
        == 302
    )
    assert rows(salon, CustomerSegment)[-1].filters == {"away": 150, "language": "es"}
    stranger, gone = Browser(garage.admin), {"customer_segment_id": kept.id}
    assert stranger.get(f"{PAGE}{kept.id}").status_code == 404
    assert stranger.post(f"{PAGE}remove", data=gone).status_code == 404
    assert Browser(salon.staff).get(PAGE).status_code == 403
    assert admin.post(f"{PAGE}remove", data=gone).status_code == 302


def test_all_filters_together_are_one_statement(salon: Business, ann: int) -> None:
    every: dict[str, Any] = {
        each.key: {"days": 90, "channel": "sms", "language": "es", "coming": "no"}.get(each.kind, 1)
        for each in FILTERS.values()
    }
    with tenant_scope(salon.id):
        assert count(every, NOON).customers == 0
        assert count({}, NOON).customers > 0
