"""Somebody adds a passkey, renames and removes it; and what others may not do with it."""

import re
from concurrent.futures import ThreadPoolExecutor

import pytest
import time_machine
from flask import Flask

from app.extensions import db
from app.lib.time.clock import now
from app.models import AuditEntry, Passkey, RecoveryCode, Tenant, User, UserEmail
from app.tenancy import unscoped
from app.users import passkeys as rows_of
from app.web.sign_in import passkey_answer
from tests.admin_views.reading import everybodys, rows
from tests.cli.test_commands import run
from tests.support.authenticator import CODE, given, set_up
from tests.support.browser import Browser
from tests.support.mailboxes import Mailboxes
from tests.support.passkeys import Device, add, asked, from_base64, sign_in
from tests.support.passkeys import given as given_passkey
from tests.support.world import PASSWORD, Business, operator

RIGHT, WRONG = {"password": PASSWORD}, {"password": "not-the-password"}


def theirs(business: Business) -> list[Passkey]:
    db.session.rollback()
    return sorted(rows(business, Passkey), key=lambda passkey: passkey.id)


def page_of(passkey: Passkey) -> str:
    return f"/second-factor/passkeys/{passkey.id}"


def has_second_factor(email: str) -> bool:
    db.session.rollback()
    user = next(user for user in everybodys(User) if user.email == email)
    return user.second_factor_since is not None


def mailed(kind: str) -> list[object]:
    return [email.values for email in everybodys(UserEmail) if email.kind == kind]


def did(business: Business) -> list[str]:
    return [entry.action for entry in rows(business, AuditEntry)]


def require(business: Business) -> None:
    db.session.get_one(Tenant, business.id).second_factor_required = True
    db.session.commit()


def test_the_first_passkey_is_a_second_factor_with_recovery_codes(
    salon: Business, garage: Business, staff: Browser, post: Mailboxes
) -> None:
    given_passkey(garage.staff)
    page = add(staff, Device(), "Ann's telephone").text
    assert len(CODE.findall(page)) == 10 == len(rows(salon, RecoveryCode))
    assert has_second_factor(salon.staff) and not has_second_factor(salon.admin)
    assert [passkey.name for passkey in theirs(salon)] == ["Ann's telephone"]
    assert Browser().sign_in(salon.staff).location.startswith("/login/code")
    listed = staff.get("/second-factor").text
    assert "Ann&#39;s telephone" in listed and "not used yet" in listed
    assert {"passkey_added", "second_factor_on"} <= set(did(salon))
    assert {"passkey": "Ann's telephone", "done": "added to"} in mailed("passkey_changed")
    assert staff.get("/messages").status_code == 200, "their session goes on"


def test_another_one_keeps_the_recovery_codes_and_is_of_the_same_person(
    salon: Business, staff: Browser
) -> None:
    first, second = Device(), Device()
    add(staff, first)
    before = {row.code_hash for row in rows(salon, RecoveryCode)}
    form = RIGHT | {"name": "Key"}
    staff.post("/second-factor/passkeys/add", data=form)
    options = asked(staff.get("/second-factor/passkeys/create").text)
    assert [from_base64(each["id"]) for each in options["excludeCredentials"]] == [
        first.credential_id
    ]
    said = second.create(options)
    assert staff.post("/second-factor/passkeys/create", data={"answer": said}).status_code == 302
    assert first.handle == second.handle
    assert {row.code_hash for row in rows(salon, RecoveryCode)} == before
    for device in (first, second):
        assert sign_in(Browser(), device).location == "/"
    assert "last used" in staff.get("/second-factor").text


def test_each_step_asks_for_the_password_and_so_often_as_elsewhere(
    salon: Business, staff: Browser
) -> None:
    add(staff, Device())
    [passkey] = theirs(salon)
    paths = (
        "/second-factor/passkeys/add",
        f"{page_of(passkey)}/rename",
        f"{page_of(passkey)}/remove",
    )
    for path in (*paths, *paths):
        answer = staff.post(path, data=WRONG | {"name": "Other"})
        assert answer.status_code == 200 and "not your present password" in answer.text
    for path in (*paths, "/second-factor/off"):
        assert staff.post(path, data=RIGHT | {"name": "Other"}).status_code == 429
    assert [passkey.name for passkey in theirs(salon)] == ["Telephone"]
    assert staff.get("/second-factor/passkeys/create").location == "/second-factor/passkeys/add"


def test_the_password_that_was_given_holds_for_some_minutes(staff: Browser) -> None:
    staff.post("/second-factor/passkeys/add", data=RIGHT | {"name": "Telephone"})
    assert staff.get("/second-factor/passkeys/create").status_code == 200
    with time_machine.travel(now() + passkey_answer.HOLDS):
        assert staff.get("/second-factor/passkeys/create").location.endswith("/add")
        assert staff.post("/second-factor/passkeys/create").location.endswith("/add")


def test_what_a_device_answers_counts_once_and_for_whoever_was_asked(
    salon: Business, staff: Browser, admin: Browser
) -> None:
    device = Device()
    for browser in (staff, admin):
        browser.post("/second-factor/passkeys/add", data=RIGHT | {"name": "Telephone"})
    said = device.create(asked(staff.get("/second-factor/passkeys/create").text))
    admin.get("/second-factor/passkeys/create")
    stolen = admin.post("/second-factor/passkeys/create", data={"answer": said})
    assert stolen.location == "/second-factor/passkeys/create" and not theirs(salon)
    assert "did not answer as we asked" in admin.get("/second-factor/passkeys/create").text
    assert staff.post("/second-factor/passkeys/create", data={"answer": said}).status_code == 200
    again = staff.post("/second-factor/passkeys/create", data={"answer": said})
    assert again.status_code == 302 and len(theirs(salon)) == 1


def test_a_passkey_that_somebody_has_is_added_to_nobody_else(
    salon: Business, garage: Business, staff: Browser
) -> None:
    device = given_passkey(garage.staff)
    handle = device.handle
    answer = add(staff, device)
    assert answer.status_code == 302 and not theirs(salon) and not has_second_factor(salon.staff)
    assert "You have that passkey already" in staff.get("/second-factor/passkeys/create").text
    device.handle = handle
    browser = Browser()
    assert sign_in(browser, device).location == "/"
    assert garage.slug in browser.get("/messages").text


@pytest.mark.parametrize("hostile", ["", "null", "{}", "[" * 9000, "\x00", '{"response": {}}'])
def test_nonsense_is_no_passkey(salon: Business, staff: Browser, hostile: str) -> None:
    staff.post("/second-factor/passkeys/add", data=RIGHT | {"name": "Telephone"})
    staff.get("/second-factor/passkeys/create")
    answer = staff.post("/second-factor/passkeys/create", data={"answer": hostile})
    assert answer.status_code == 302 and not theirs(salon) and not has_second_factor(salon.staff)


def test_a_name_is_shown_as_it_was_typed_on_one_line_and_has_to_show_something(
    salon: Business, staff: Browser
) -> None:
    for name in ("", " ", "\u2800", "x" * 61):
        form = RIGHT | {"name": name}
        assert staff.post("/second-factor/passkeys/add", data=form).status_code == 200, name
    add(staff, Device(), "<b>My\r\n {{ key }}</b>\x00")
    [passkey] = theirs(salon)
    assert passkey.name == "<b>My {{ key }}</b>"
    assert "&lt;b&gt;My {{ key }}&lt;/b&gt;" in staff.get("/second-factor").text
    answer = staff.post(f"{page_of(passkey)}/rename", data=RIGHT | {"name": "Key"})
    assert answer.status_code == 302 and [each.name for each in theirs(salon)] == ["Key"]
    assert "passkey_renamed" in did(salon)


def test_nobody_sees_or_changes_another_ones(
    salon: Business, garage: Business, staff: Browser, admin: Browser
) -> None:
    given_passkey(salon.admin), given_passkey(garage.staff)
    boss = Browser(operator())
    assert boss.post(f"/admin/tenants/enter/{salon.id}").status_code == 302
    for business, others in ((salon, (staff, boss)), (garage, (staff, admin, boss))):
        [passkey] = theirs(business)
        for browser in others:
            assert browser.get(page_of(passkey)).status_code == 404
            for verb in ("rename", "remove"):
                form = RIGHT | {"name": "Mine"}
                assert browser.post(f"{page_of(passkey)}/{verb}", data=form).status_code == 404
        assert [each.name for each in theirs(business)] == ["Telephone"]


def test_removed_it_lets_in_no_more_and_the_last_takes_the_second_factor_along(
    salon: Business, garage: Business, staff: Browser, post: Mailboxes
) -> None:
    first, second = Device(), Device()
    add(staff, first, "First"), add(staff, second, "Second")
    stranger = given_passkey(garage.staff)
    one, other = theirs(salon)
    assert staff.post(f"{page_of(one)}/remove", data=RIGHT).status_code == 302
    assert sign_in(Browser(), first).location == "/login" and has_second_factor(salon.staff)
    assert sign_in(Browser(), second).location == "/"
    assert {"passkey": "First", "done": "removed from"} in mailed("passkey_changed")
    assert not mailed("second_factor_off")
    assert staff.post(f"{page_of(other)}/remove", data=RIGHT).status_code == 302
    assert not has_second_factor(salon.staff) and not rows(salon, RecoveryCode)
    assert mailed("second_factor_off") == [{"who": "You"}]
    assert did(salon).count("passkey_removed") == 1 and "second_factor_off" in did(salon)
    assert Browser().sign_in(salon.staff).location == "/"
    assert sign_in(Browser(), stranger).location == "/"


def test_of_two_factors_removed_at_once_the_last_is_told_apart(
    app: Flask, salon: Business, staff: Browser
) -> None:
    """Else a second factor would be left that nobody can prove."""
    for name in ("One", "Two", "Three"):
        add(staff, Device(), name)

    def remove(passkey_id: int) -> int:
        with app.app_context():
            browser = Browser(salon.staff)
            return browser.post(
                f"/second-factor/passkeys/{passkey_id}/remove", data=RIGHT
            ).status_code

    with ThreadPoolExecutor(3) as pool:
        answers = list(pool.map(remove, [passkey.id for passkey in theirs(salon)]))
    assert answers == [302] * 3 and not theirs(salon) and not has_second_factor(salon.staff)


def test_an_app_and_passkeys_are_removed_apart(salon: Business, staff: Browser) -> None:
    app, _ = set_up(staff)
    assert staff.post("/second-factor/app/remove", data=WRONG).status_code == 200
    device = Device()
    assert add(staff, device).status_code == 302, "the recovery codes are known already"
    page = staff.get("/second-factor").text
    assert "Remove the app" in page and "Turn everything off" in page
    assert staff.post("/second-factor/app/remove", data=RIGHT).status_code == 302
    assert has_second_factor(salon.staff) and "app_removed" in did(salon)
    there = Browser()
    there.sign_in(salon.staff)
    there.post("/login/code", data={"code": app.next_code()})
    assert there.get("/messages").status_code == 302
    assert staff.post("/second-factor/app/remove", data=RIGHT).status_code == 404
    assert staff.post("/second-factor/off", data=RIGHT).status_code == 302
    assert not theirs(salon) and sign_in(Browser(), device).location == "/login"


def test_where_a_second_factor_is_required_a_passkey_is_one_and_the_last_stays(
    salon: Business, staff: Browser
) -> None:
    require(salon)
    assert staff.get("/messages").location == "/second-factor"
    device = Device()
    add(staff, device)
    assert staff.get("/messages").status_code == 200
    path = f"{page_of(theirs(salon)[0])}/remove"
    refused = staff.post(path, data=RIGHT)
    assert refused.status_code == 403 and "required here" in refused.text and theirs(salon)
    given(salon.staff)
    assert staff.post(path, data=RIGHT).status_code == 302
    assert not theirs(salon) and has_second_factor(salon.staff)
    refused = staff.post("/second-factor/app/remove", data=RIGHT)
    assert refused.status_code == 403 and has_second_factor(salon.staff)


@pytest.mark.parametrize("who", ["admin", "operator"])
def test_whoever_resets_a_second_factor_takes_the_passkeys_along(
    salon: Business, garage: Business, admin: Browser, who: str
) -> None:
    device, stranger = given_passkey(salon.staff), given_passkey(garage.staff)
    user = next(each for each in everybodys(User) if each.email == salon.staff)
    if who == "admin":
        assert admin.post(f"/admin/team/people/{user.id}/second-factor").status_code == 302
    else:
        assert run("user", "reset-second-factor", f"--email={salon.staff}").exit_code == 0
    assert sign_in(Browser(), device).location == "/login" and not theirs(salon)
    assert sign_in(Browser(), stranger).location == "/"


def test_there_are_not_more_than_anybody_has_devices(
    salon: Business, staff: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    add(staff, Device())
    monkeypatch.setattr(rows_of, "MOST", 1)
    answer = staff.get("/second-factor/passkeys/add")
    assert answer.status_code == 302
    assert "Remove one first" in staff.get("/second-factor").text


def test_no_key_and_no_id_stands_on_a_page_in_the_log_or_in_a_file(
    salon: Business, staff: Browser, admin: Browser
) -> None:
    add(staff, Device())
    [passkey] = theirs(salon)
    entries = str([(entry.changes, entry.facts) for entry in rows(salon, AuditEntry)])
    pages = (staff.get(path).text for path in ("/second-factor", page_of(passkey), "/password"))
    told = "".join([entries, admin.get("/admin/audit-log/").text, *pages])
    for secret in (passkey.credential_id, passkey.public_key):
        for text in (secret.hex(), re.escape(str(secret)), str(secret)):
            assert text not in told
    assert "added the passkey “Telephone”" in told


def test_with_the_user_go_their_passkeys(salon: Business, garage: Business) -> None:
    for email in (salon.staff, garage.staff, operator()):
        given_passkey(email)
    with unscoped("tests"):
        for email in (salon.staff, operator()):
            db.session.delete(db.session.query(User).filter_by(email=email).one())
        db.session.commit()
    assert [passkey.tenant_id for passkey in everybodys(Passkey)] == [garage.id]
