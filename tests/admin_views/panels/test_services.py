"""What an admin says of a service: its price, the time after it, who offers it, and where."""

from decimal import Decimal

from sqlalchemy import select

from app.extensions import db
from app.models import Service, ServiceStaff, StaffMember
from app.tenancy import tenant_scope
from tests.admin_views.reading import cells, filled, rows, told
from tests.support.browser import Browser
from tests.support.working import person
from tests.support.world import Business

NEW = "/admin/services/new/"


def offered_by(owner: Business, name: str) -> set[str]:
    with tenant_scope(owner.id):
        query = (
            select(StaffMember.name)
            .join(ServiceStaff, ServiceStaff.staff_member_id == StaffMember.id)
            .join(Service, Service.id == ServiceStaff.service_id)
            .where(Service.name == name)
        )
        return {*db.session.scalars(query)}


def named(owner: Business, name: str) -> Service:
    [found] = [each for each in rows(owner, Service) if each.name == name]
    return found


def test_a_service_is_added_with_all_that_booking_needs(salon: Business, admin: Browser) -> None:
    zoe = person(salon, "Zoe")
    form = {"name": "Dye", "duration_minutes": "90", "buffer_minutes": "15", "price": "45"}
    more = {"offered_by": [str(zoe)], "bookable_online": "y", "active": "y"}
    answer = admin.post(NEW, data=form | more)
    assert answer.status_code == 302, told(answer)
    dye = named(salon, "Dye")
    assert (dye.buffer_minutes, dye.price, dye.bookable_online) == (15, Decimal(45), True)
    assert not dye.by_all and offered_by(salon, "Dye") == {"Zoe"}
    assert "Dye 90 $45.00 Yes" in cells(admin.get("/admin/services/").text)


def test_whom_nobody_is_chosen_for_everybody_offers(salon: Business, admin: Browser) -> None:
    zoe, dye = person(salon, "Zoe"), {"name": "Dye", "duration_minutes": "90"}
    admin.post(NEW, data=dye | {"buffer_minutes": "0", "offered_by": [str(zoe)]})
    path = f"/admin/services/edit/?id={named(salon, 'Dye').id}"
    page = admin.get(path)
    assert f'selected value="{zoe}"' in page.text
    kept = filled(page)
    kept.pop("offered_by", None)
    assert admin.post(path, data=kept).status_code == 302
    assert named(salon, "Dye").by_all and offered_by(salon, "Dye") == set()


def test_a_stranger_s_staff_offer_nothing_here(
    salon: Business, garage: Business, admin: Browser
) -> None:
    form = {"name": "Dye", "duration_minutes": "90", "buffer_minutes": "0"}
    answer = admin.post(NEW, data=form | {"offered_by": [str(person(garage, "Zed"))]})
    assert answer.status_code == 200
    assert [each.name for each in rows(salon, Service)] == ["Cut"]


def test_what_cannot_be_says_what_to_do(salon: Business, admin: Browser) -> None:
    form = {"name": "Dye", "duration_minutes": "90", "buffer_minutes": "0"}
    for wrong, says in (
        ({"buffer_minutes": "481"}, "Give 0 to 480 minutes."),
        ({"price": "-1"}, "Give a price from 0 on."),
        ({"price": "NaN"}, ""),
    ):
        answer = admin.post(NEW, data=form | wrong)
        assert answer.status_code == 200 and says in cells(answer.text)
