"""Who signs in to a business, and what its admin can do about them."""

import pytest
from flask_security import verify_password

from app.models import Role, User
from tests.admin_views.reading import everybodys, rows, told
from tests.support.browser import Browser
from tests.support.world import PASSWORD, Business

NEW = "another-horse-battery"


def person(business: Business, email: str) -> User:
    return next(user for user in rows(business, User) if user.email == email)


def form(user: User, **changes: str) -> dict[str, str]:
    kept = {"name": user.name, "email": user.email, "role": user.role, "active": "y"}
    wanted = kept | changes
    return {name: value for name, value in wanted.items() if value}


def edit(browser: Browser, user: User, **changes: str) -> str:
    """Save the user's form with changes; what the page says if it is not taken."""
    answer = browser.post(f"/admin/users/edit/?id={user.id}", data=form(user, **changes))
    assert answer.status_code in (200, 302)
    return "" if answer.status_code == 302 else told(answer)


def test_an_admin_makes_somebody_who_can_sign_in(
    salon: Business, garage: Business, admin: Browser
) -> None:
    new = {"name": "Bo", "email": "Bo@Salon.TEST", "role": "staff", "active": "y"}
    answer = admin.post("/admin/users/new/", data=new)
    assert "Give a password" in told(answer)
    answer = admin.post("/admin/users/new/", data=new | {"new_password": "short"})
    assert "Ten characters at least." in answer.text
    answer = admin.post("/admin/users/new/", data=new | {"new_password": NEW})
    assert answer.status_code == 302, told(answer)
    made = person(salon, "bo@salon.test")
    assert made.tenant_id == salon.id and made.role == Role.STAFF
    assert verify_password(NEW, made.password)
    assert Browser("bo@salon.test", NEW).get("/messages").status_code == 200


def test_a_new_password_ends_their_sessions(
    salon: Business, garage: Business, staff: Browser, admin: Browser
) -> None:
    assert staff.get("/messages").status_code == 200
    assert edit(admin, person(salon, salon.staff), new_password=NEW) == ""
    assert staff.get("/messages").location.startswith("/login")
    assert Browser().sign_in(salon.staff, PASSWORD).status_code == 200
    assert Browser(salon.staff, NEW).get("/messages").status_code == 200


def test_other_changes_leave_password_and_sessions(
    salon: Business, garage: Business, staff: Browser, admin: Browser
) -> None:
    assert edit(admin, person(salon, salon.staff), name="Maya") == ""
    assert staff.get("/messages").status_code == 200
    assert person(salon, salon.staff).name == "Maya"


def test_who_may_no_longer_sign_in_is_signed_out(
    salon: Business, garage: Business, staff: Browser, admin: Browser
) -> None:
    assert edit(admin, person(salon, salon.staff), active="") == ""
    assert staff.get("/messages").location.startswith("/login")
    assert Browser().sign_in(salon.staff).status_code == 200
    assert edit(admin, person(salon, salon.staff)) == ""
    assert staff.get("/messages").location.startswith("/login"), "not by the old session"
    assert Browser().sign_in(salon.staff).location == "/"


def test_who_is_deleted_is_signed_out(
    salon: Business, garage: Business, staff: Browser, admin: Browser
) -> None:
    admin.post("/admin/users/delete/", data={"id": person(salon, salon.staff).id})
    assert staff.get("/messages").location.startswith("/login")
    assert [user.email for user in rows(salon, User)] == [salon.admin]


def test_a_promotion_counts_at_once(
    salon: Business, garage: Business, staff: Browser, admin: Browser
) -> None:
    assert staff.get("/admin/users/").status_code == 403
    assert edit(admin, person(salon, salon.staff), role="tenant_admin") == ""
    assert staff.get("/admin/users/").status_code == 200
    assert edit(admin, person(salon, salon.staff), role="staff") == ""
    assert staff.get("/admin/users/").status_code == 403


@pytest.mark.parametrize("role", ["platform_admin", "PLATFORM_ADMIN", "owner", "staff\x00"])
def test_nobody_makes_a_platform_admin(
    role: str, salon: Business, garage: Business, admin: Browser, operator: Browser
) -> None:
    new = {"name": "Bo", "email": "bo@salon.test", "role": role, "new_password": NEW}
    forged = new | {"active": "y", "tenant_id": "", "roles": role}
    answer = admin.post("/admin/users/new/", data=forged)
    assert "Not a valid choice" in answer.text
    user = person(salon, salon.staff)
    answer = admin.post(f"/admin/users/edit/?id={user.id}", data=form(user) | {"role": role})
    assert "Not a valid choice" in answer.text
    platform = [user.email for user in everybodys(User) if user.role == Role.PLATFORM_ADMIN]
    assert platform == ["op@platform.test"]
    assert person(salon, salon.staff).role == Role.STAFF


def test_anothers_email_is_refused_without_saying_whose_it_is(
    salon: Business, garage: Business, admin: Browser, operator: Browser
) -> None:
    neutral = "This email cannot be used: choose another."
    for email in (garage.staff, garage.admin.upper(), "op@platform.test"):
        assert neutral in edit(admin, person(salon, salon.staff), email=email), email
        new = {"name": "Bo", "email": email, "role": "staff", "new_password": NEW, "active": "y"}
        answer = admin.post("/admin/users/new/", data=new)
        assert neutral in told(answer), email
    for email in ("", "nobody", "a@b@c", "x\x00@salon.test"):
        new = {"name": "Bo", "email": email, "role": "staff", "new_password": NEW}
        assert admin.post("/admin/users/new/", data=new).status_code in (200, 302)
    assert person(salon, salon.staff).email == salon.staff


def test_nobody_takes_their_own_access_away(
    salon: Business, garage: Business, admin: Browser
) -> None:
    me = person(salon, salon.admin)
    refusal = "You cannot take your own access away: ask a colleague."
    assert refusal in edit(admin, me, role="staff")
    assert refusal in edit(admin, person(salon, salon.admin), active="")
    for path, data in (
        ("delete/", {"id": me.id}),
        ("action/", {"action": "delete", "rowid": [me.id]}),
    ):
        answer = admin.post(f"/admin/users/{path}", data=data)
        assert answer.status_code == 302
        assert "You cannot delete yourself" in told(admin.get("/admin/users/"))
    me = person(salon, salon.admin)
    assert (me.role, me.active) == (Role.TENANT_ADMIN, True)
    assert admin.get("/admin/users/").status_code == 200


def test_one_may_change_ones_own_name(salon: Business, garage: Business, admin: Browser) -> None:
    assert edit(admin, person(salon, salon.admin), name="Bella") == ""
    assert person(salon, salon.admin).name == "Bella"


def test_no_page_or_export_holds_a_password_or_a_session_key(
    salon: Business, garage: Business, admin: Browser
) -> None:
    user = person(salon, salon.staff)
    for path in ("", f"details/?id={user.id}", f"edit/?id={user.id}", "export/csv/"):
        text = admin.get(f"/admin/users/{path}", buffered=True).text
        assert user.password not in text and "argon2" not in text
        assert user.fs_uniquifier not in text
    for hidden in ("password", "fs_uniquifier"):
        secret = str(getattr(user, hidden))[:12]
        page = admin.get("/admin/users/", query_string={"search": secret}).text
        assert salon.staff not in page, "a search does not guess it"
