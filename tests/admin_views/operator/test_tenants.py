"""A business's own settings, and the operator's list of businesses."""

import pytest
import structlog
from argon2 import PasswordHasher
from markupsafe import escape

from app.extensions import db, vault
from app.models import Appointment, MessageTemplate, Service, Tenant, User
from app.tenancy import unscoped
from tests.admin_views.reading import cells, everybodys, exported, filled, rows, told
from tests.support.browser import Browser
from tests.support.diary import book
from tests.support.world import PASSWORD, Business

SID = "AC" + "0123456789abcdef" * 2
SECRET = "5ecre7" * 5 + "ff"
OTHER = "0ther7" * 5 + "ff"


def settings(business: Business, **changes: str) -> dict[str, str]:
    """The business's form as an admin finds it, with changes."""
    return filled(Browser(business.admin).get("/admin/business/")) | changes


def tenant(business: Business) -> Tenant:
    return next(row for row in everybodys(Tenant) if row.id == business.id)


def test_an_admin_changes_the_business_and_no_other(
    salon: Business, garage: Business, admin: Browser
) -> None:
    booked = [book(owner, "2099-11-20 10:00", now="2026-11-10 12:00") for owner in (salon, garage)]
    form = settings(salon, name="Bella's", timezone="Europe/Paris")
    form |= {"forward_calls_to": "(415) 555-0101", "screen_calls": "y"}
    assert admin.post("/admin/business/", data=form).status_code == 302
    ours, theirs = tenant(salon), tenant(garage)
    assert (ours.name, ours.timezone, ours.sms_from) == ("Bella's", "Europe/Paris", salon.number)
    assert (theirs.name, theirs.timezone) == (garage.name, garage.timezone)
    assert (ours.forward_calls_to, ours.screen_calls) == ("+14155550101", True)
    assert (theirs.forward_calls_to, theirs.screen_calls) == (None, False)
    assert ours.slug == salon.slug
    # By their own walls its days are others, so that what is to come is planned anew.
    planned = {row.id: row.planned_for for row in everybodys(Appointment)}
    assert [planned[id_] is None for id_ in booked] == [True, False]


def test_a_rate_limit_is_asked_for_beside_its_number_and_kept_without(
    salon: Business, admin: Browser
) -> None:
    assert "sms_pace" in settings(salon)
    assert admin.post("/admin/business/", data=settings(salon, sms_from="")).status_code == 302
    form = settings(salon)
    assert ("sms_pace" in form, "whatsapp_pace" in form) == (False, True)
    assert admin.post("/admin/business/", data=form).status_code == 302
    assert tenant(salon).sms_pace == 1000


def test_a_number_on_our_account_is_entered_by_the_operator_alone(
    salon: Business, admin: Browser, operator: Browser
) -> None:
    form = {"sms_from": "+14155550188", "twilio_account_sid": SID, "twilio_auth_token": ""}
    for given in ({"sms_from": "+14155550188"}, form):
        answer = admin.post("/admin/business/", data=settings(salon, **given))
        assert "ask us for it" in answer.text
        assert tenant(salon).sms_from == salon.number
    operator.post(f"/admin/tenants/enter/{salon.id}")
    page = filled(operator.get("/admin/business/"))
    operator.post("/admin/business/", data=page | {"sms_from": "+14155550188"})
    assert tenant(salon).sms_from == "+14155550188"


def test_what_is_smuggled_into_the_form_is_left_out(
    salon: Business, garage: Business, admin: Browser
) -> None:
    form = settings(salon, slug="garage2", id=str(garage.id), tenant_id=str(garage.id))
    form |= {"twilio_auth_token_sealed": "forged", "created_at": "2000-01-01"}
    assert admin.post("/admin/business/", data=form).status_code == 302
    ours = tenant(salon)
    assert (ours.slug, ours.twilio_auth_token_sealed) == ("salon", None)
    assert tenant(garage).name == garage.name


@pytest.mark.parametrize(
    ("field", "value", "says"),
    [
        ("name", "", "This field is required"),
        ("timezone", "Mars/Olympus", "Not a valid choice"),
        ("country", "XX", "Not a valid choice"),
        ("sms_from", "call us", "is not a telephone number"),
        ("reply_to", "a@salon.test, b@salon.test", "is not an email address"),
        ("reply_to", "hello@salon.test\r\nBcc: thief@stranger.example", "is not an email address"),
        ("reply_to", "höllo@salon.test", "has accents before the @"),
        ("twilio_account_sid", "AC123", "It is AC and 32 digits"),
        ("twilio_auth_token", SECRET, "Give the account SID"),
    ],
)
def test_a_wrong_setting_is_answered_on_its_field(
    field: str, value: str, says: str, salon: Business, garage: Business, admin: Browser
) -> None:
    before = tenant(salon).name
    answer = admin.post("/admin/business/", data=settings(salon, **{field: value}))
    assert answer.status_code == 200
    assert says in answer.text
    assert SECRET not in answer.text
    assert tenant(salon).name == before


def test_a_name_is_cleaned_of_what_no_column_stores(
    salon: Business, garage: Business, admin: Browser, operator: Browser
) -> None:
    assert admin.post("/admin/business/", data=settings(salon, name="Be\x00lla")).status_code == 302
    assert tenant(salon).name == "Bella"
    path = f"/admin/tenants/edit/?id={salon.id}"
    assert operator.post(path, data=settings(salon, name="\x00")).status_code == 200
    assert tenant(salon).name == "Bella"


def test_the_operator_opens_any_business_from_within_another(
    salon: Business, garage: Business, operator: Browser
) -> None:
    operator.post(f"/admin/tenants/enter/{salon.id}")
    page = operator.get(f"/admin/tenants/edit/?id={garage.id}")
    assert page.status_code == 200
    assert escape(garage.name) in page.text
    # The frame says where one still is.
    assert escape(salon.name) in page.text


def test_a_token_is_sealed_kept_and_never_shown_again(
    salon: Business,
    garage: Business,
    admin: Browser,
    operator: Browser,
    caplog: pytest.LogCaptureFixture,
) -> None:
    form = settings(salon, twilio_account_sid=SID, twilio_auth_token=SECRET)
    with structlog.testing.capture_logs() as logged:
        assert admin.post("/admin/business/", data=form).status_code == 302
    sealed = tenant(salon).twilio_auth_token_sealed or ""
    assert SECRET not in sealed and vault().open(sealed) == SECRET
    operator.post(f"/admin/tenants/enter/{salon.id}")
    for browser, path in (
        (admin, "/admin/business/"),
        (admin, "/admin/"),
        (operator, "/admin/business/"),
        (operator, "/admin/tenants/"),
        (operator, f"/admin/tenants/details/?id={salon.id}"),
        (operator, f"/admin/tenants/edit/?id={salon.id}"),
        (operator, "/admin/tenants/export/csv/"),
        (operator, f"/admin/tenants/?search={SECRET[:8]}"),
    ):
        text = browser.get(path, buffered=True).text
        assert SECRET not in text and sealed not in text, path
        assert sealed[:20] not in text, path
    assert admin.post("/admin/business/", data=settings(salon)).status_code == 302
    assert vault().open(tenant(salon).twilio_auth_token_sealed or "") == SECRET, "kept"
    assert SECRET not in str(logged) + caplog.text


def test_a_token_goes_with_its_account(salon: Business, garage: Business, admin: Browser) -> None:
    form = settings(salon, twilio_account_sid=SID, twilio_auth_token=SECRET)
    admin.post("/admin/business/", data=form)
    admin.post("/admin/business/", data=form | {"twilio_auth_token": OTHER})
    assert vault().open(tenant(salon).twilio_auth_token_sealed or "") == OTHER
    admin.post("/admin/business/", data=settings(salon, twilio_account_sid=""))
    assert tenant(salon).twilio_auth_token_sealed is None
    assert tenant(salon).twilio_account_sid is None


def test_the_operator_sets_a_token_that_nobody_sees_again(
    salon: Business, garage: Business, operator: Browser
) -> None:
    path = f"/admin/tenants/edit/?id={salon.id}"
    form = settings(salon, twilio_account_sid=SID, twilio_auth_token=SECRET)
    assert operator.post(path, data=form).status_code == 302
    assert vault().open(tenant(salon).twilio_auth_token_sealed or "") == SECRET
    assert SECRET not in operator.get(path).text
    wrong = operator.post(path, data=form | {"country": "XX"})
    assert wrong.status_code == 200 and SECRET not in wrong.text
    assert exported(operator, "tenants")[0].keys().isdisjoint({"Twilio Auth Token Sealed"})


def new_business(operator: Browser, **changes: str) -> dict[str, str]:
    """The form of a new business, filled in."""
    empty = filled(operator.get("/admin/tenants/new/"))
    clinic = {"slug": "clinic", "name": "Clinic", "timezone": "UTC", "country": "US"}
    return empty | clinic | changes


def test_the_operator_makes_a_business_with_its_templates(
    salon: Business, garage: Business, operator: Browser
) -> None:
    form = new_business(operator, sms_from="+14155550177", locale="es_US")
    saved = operator.post("/admin/tenants/new/", data=form)
    assert saved.status_code == 302, told(saved)
    made = next(row for row in everybodys(Tenant) if row.slug == "clinic")
    assert made.sms_from == "+14155550177"
    theirs = [row for row in everybodys(MessageTemplate) if row.tenant_id == made.id]
    assert len(theirs) == len(rows(salon, MessageTemplate)) > 0
    assert {row.language for row in theirs} == {"es"}


def test_the_operator_makes_a_business_from_within_another(
    salon: Business, garage: Business, operator: Browser
) -> None:
    operator.post(f"/admin/tenants/enter/{salon.id}")
    ours = len(rows(salon, MessageTemplate))
    saved = operator.post("/admin/tenants/new/", data=new_business(operator))
    assert saved.status_code == 302, told(saved)
    assert {row.slug for row in everybodys(Tenant)} == {"salon", "garage", "clinic"}
    assert len(rows(salon, MessageTemplate)) == ours
    assert "Ann Salon" in operator.get("/messages").text, "and is still within it"


def test_a_slug_is_taken_once_and_well_formed(
    salon: Business, garage: Business, operator: Browser
) -> None:
    for slug in ("garage", "GARAGE", "two words", "-x", "", "a/b", "é", "x\x00", "../x"):
        answer = operator.post("/admin/tenants/new/", data=new_business(operator, slug=slug))
        assert answer.status_code == 200, slug
        assert told(answer), slug
    assert {row.slug for row in everybodys(Tenant)} == {"salon", "garage"}


def test_the_operator_enters_a_business_and_leaves_it(
    salon: Business, garage: Business, operator: Browser
) -> None:
    assert operator.get("/messages").location == "/admin/tenants/"
    assert operator.post(f"/admin/tenants/enter/{salon.id}").location == "/messages"
    inside = operator.get("/messages").text
    assert "Ann Salon" in inside and "Ann Garage" not in inside
    assert salon.name.replace("'", "&#39;") in inside, "the frame says where one is"
    operator.post(f"/admin/tenants/enter/{garage.id}")
    other = operator.get("/messages").text
    assert "Ann Garage" in other and "Ann Salon" not in other
    assert operator.post("/admin/tenants/leave").location == "/admin/tenants/"
    assert operator.get("/messages").location == "/admin/tenants/"
    assert operator.get("/admin/customers/").location == "/admin/tenants/"


def test_a_business_that_is_gone_is_left(
    salon: Business, garage: Business, operator: Browser
) -> None:
    operator.post(f"/admin/tenants/enter/{garage.id}")
    db.session.delete(tenant(garage))
    db.session.commit()
    assert operator.get("/messages").location == "/admin/tenants/"
    assert operator.get("/admin/tenants/").status_code == 200


def test_what_an_operator_writes_within_a_business_belongs_to_it(
    salon: Business, garage: Business, operator: Browser
) -> None:
    operator.post(f"/admin/tenants/enter/{garage.id}")
    form = {"name": "Oil change", "duration_minutes": "30"}
    assert operator.post("/admin/services/new/", data=form).status_code == 302
    assert rows(garage, Service)[-1].name == "Oil change"
    assert [service.name for service in rows(salon, Service)] == ["Cut"]


def test_the_operators_times_are_utc_outside_and_local_within(
    salon: Business, garage: Business, operator: Browser
) -> None:
    outside = cells(operator.get("/admin/tenants/").text)
    made = tenant(salon).created_at
    assert f"{made.day} {made:%b %Y, %H:%M}" in outside


def test_the_operator_changes_their_own_password_outside_of_any_business(
    salon: Business, garage: Business, operator: Browser
) -> None:
    new = "a-new-horse-battery"
    form = {"password": PASSWORD, "new_password": new, "new_password_confirm": new}
    operator.refresh_token()
    changed = operator.post("/password", data=form | {"csrf_token": operator.token})
    assert changed.status_code == 302
    assert Browser("op@platform.test", new).get("/admin/tenants/").status_code == 200


def test_a_password_that_was_hashed_more_weakly_is_hashed_anew_at_sign_in(
    salon: Business, garage: Business
) -> None:

    weak = PasswordHasher(time_cost=1, memory_cost=1024, parallelism=1).hash(PASSWORD)

    with unscoped("a test"):
        user = next(user for user in everybodys(User) if user.email == salon.staff)
        user.password = weak
        db.session.commit()
    assert Browser().sign_in(salon.staff).status_code == 302
    with unscoped("a test"):
        assert next(u for u in everybodys(User) if u.email == salon.staff).password != weak
