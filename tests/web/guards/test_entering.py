"""In which business an operator is, how that ends, and what a page of another is told."""

from datetime import timedelta

from app.lib.time.clock import now
from app.models import Service
from app.web.guards.entering import LASTS, SINCE
from tests.admin_views.reading import rows
from tests.support.browser import Browser
from tests.support.world import Business

WORKING = "You are working in"


def enter(person: Browser, business: Business) -> None:
    assert person.post(f"/admin/tenants/enter/{business.id}").status_code == 302


def in_another_tab(person: Browser, business: Business) -> str:
    """Enter the business, and go on with the page that is open; its present token."""
    token = person.token
    enter(person, business)
    person.token, token = token, person.token
    return token


def test_every_page_says_in_which_business_one_is_and_how_to_leave(
    salon: Business, operator: Browser
) -> None:
    enter(operator, salon)
    name = salon.name.replace("'", "&#39;")
    for path in ("/messages", "/admin/tenants/", "/admin/parked/", "/password", "/messages/99"):
        page = operator.get(path).text
        assert f"{WORKING} <strong>{name}</strong>" in page, path
        assert f">{salon.slug}</span>" in page and 'action="/admin/tenants/leave"' in page
    operator.post("/admin/tenants/leave")
    for path in ("/admin/tenants/", "/admin/parked/", "/password"):
        assert WORKING not in operator.get(path).text


def test_whoever_belongs_to_a_business_visits_none(salon: Business, admin: Browser) -> None:
    assert WORKING not in admin.get("/messages").text


def test_who_signs_out_and_in_again_is_in_no_business(
    salon: Business, garage: Business, operator: Browser
) -> None:
    email = "op@platform.test"
    for end in ("/logout", None):
        enter(operator, salon)
        if end:
            operator.post(end)
        else:
            # A session that ended otherwise, as with a password that was changed elsewhere.
            with operator.client.session_transaction() as session:
                session.pop("_user_id")
        assert operator.sign_in(email).location == "/"
        assert operator.get("/messages").location == "/admin/tenants/"
        operator.refresh_token()


def test_entering_ends_after_some_hours(salon: Business, operator: Browser) -> None:
    enter(operator, salon)

    def since(ago: timedelta) -> None:
        with operator.client.session_transaction() as session:
            session[SINCE] = (now() - ago).timestamp()

    since(LASTS - timedelta(minutes=1))
    assert operator.get("/messages").status_code == 200
    since(LASTS + timedelta(seconds=1))
    told = operator.post("/messages/send", json={"customer_id": salon.customer_id})
    assert (told.status_code, told.json["business"]) == (409, None)
    assert "You work in no business now" in told.json["error"]
    assert operator.get("/messages").location == "/admin/tenants/"


def test_a_form_of_another_business_is_told_where_one_is_and_keeps_what_was_typed(
    salon: Business, garage: Business, operator: Browser
) -> None:
    enter(operator, garage)
    token = in_another_tab(operator, salon)
    form = {"name": "<Oil> change", "duration_minutes": "30", "new_password": "not-shown-again"}
    told = operator.post("/admin/services/new/", data=form)
    assert told.status_code == 409
    assert "You work in Bella&#39;s Salon now" in told.text
    assert "&lt;Oil&gt; change" in told.text
    assert "not-shown-again" not in told.text and operator.token not in told.text
    assert "Work in Strangers&#39; Garage again" in told.text
    assert {service.name for each in (salon, garage) for service in rows(each, Service)} == {"Cut"}

    # As the button does, and the page of the garage holds again.
    stale, operator.token = operator.token, token
    enter(operator, garage)
    operator.token = stale
    assert operator.post("/admin/services/new/", data=form).status_code == 302
    assert rows(garage, Service)[-1].name == "<Oil> change"


def test_a_program_is_told_in_json(salon: Business, garage: Business, operator: Browser) -> None:
    enter(operator, garage)
    in_another_tab(operator, salon)
    told = operator.post("/messages/send", json={"customer_id": garage.customer_id})
    assert told.json == {
        "error": "You work in Bella's Salon now, and this page is of Strangers' Garage: nothing was"
        " changed. Reload the page to go on in Bella's Salon, or work in Strangers' Garage again"
        " first.",
        "business": "Bella's Salon",
    }


def test_the_list_of_businesses_works_from_any_page(
    salon: Business, garage: Business, operator: Browser
) -> None:
    enter(operator, garage)
    in_another_tab(operator, salon)
    for path in (
        f"/admin/tenants/enter/{garage.id}",
        "/admin/tenants/leave",
        "/admin/parked/settle",
    ):
        assert operator.post(path).status_code == 302
        in_another_tab(operator, salon)
    assert operator.post("/logout").status_code == 302


def test_staff_may_go_on_with_the_token_of_their_sign_in(salon: Business) -> None:
    person = Browser()
    person.sign_in(salon.staff)
    form = {"name": "Zoe", "phone": "+12125550199"}
    assert person.post("/messages/new", data=form).status_code == 302
