"""Which passwords are taken, and that all ways to set one are the same way."""

from dataclasses import replace

import pytest
from flask import Flask
from flask_security import verify_password
from sqlalchemy import select
from zxcvbn.frequency_lists import FREQUENCY_LISTS

from app import demo, onboarding
from app.extensions import db
from app.lib.time.clock import now
from app.models import Role, Tenant, User
from app.tenancy import unscoped
from app.users import passwords, user_access
from app.users.passwords import WeakPassword, check, set_password
from tests.support.browser import Browser
from tests.support.world import PASSWORD, Business

NAMES = ("maya@bella-salon.example", "Maya Ortíz", "Bella Salon", "bella-salon")
COMPOSED, DECOMPOSED = "contrase\u00f1a-2026", "contrasen\u0303a-2026"


def person(email: str) -> User:
    db.session.rollback()
    db.session.expire_all()
    with unscoped("tests"):
        return db.session.scalars(select(User).where(User.email == email)).one()


@pytest.mark.parametrize(
    ("weak", "says"),
    [
        ("nine-char", "too short"),
        ("비밀번호가길다", "too short"),
        ("aaaaaaaaaaaa", "stolen"),
        ("1234567890", "stolen"),
        ("Password123!", "stolen"),
        ("CorrectHorseBatteryStaple", "stolen"),
        ("P@ssw0rd2024", "common"),
        ("          ", "common"),
        ("a-long\x00password", "no keyboard"),
        ("maya@bella-salon.example", "made of the email"),
        ("MAYA-Bella-2026!", "made of the email"),
        ("bellasalon2026", "made of the email"),
        ("Salon-Bella-NYC", "made of the email"),
        ("mayaortiz2026", "made of the email"),
    ],
)
def test_a_weak_password_is_refused_with_a_reason(weak: str, says: str) -> None:
    with pytest.raises(WeakPassword, match=says):
        check(weak, NAMES)


@pytest.mark.parametrize(
    "good",
    [
        "correct-horse-battery",
        COMPOSED,
        DECOMPOSED,
        "bella-demo-2026",
        "Ein Satz mit Blanks",
        "美容室の朝は静かに始まる",
    ],
)
def test_a_good_password_is_taken(good: str) -> None:
    check(good, NAMES)


def test_no_password_of_the_list_of_common_ones_is_taken() -> None:
    common = [word for word in FREQUENCY_LISTS["passwords"] if len(word) >= passwords.SHORTEST]
    assert len(common) > 1000
    for word in common:
        for spelled in (word, word.capitalize()):
            with pytest.raises(WeakPassword):
                check(spelled, ())


@pytest.mark.parametrize("typed", ["istdochegal891", "ISTDOCHEGAL891", "ｉstdochegal891"])
def test_what_was_stolen_elsewhere_is_refused_however_good_it_looks(typed: str) -> None:
    assert passwords._guesses(typed, set()) > passwords.FEWEST_GUESSES
    with pytest.raises(WeakPassword, match="stolen passwords, which thieves try first"):
        check(typed, ())


def test_an_endless_password_is_looked_at_in_a_moment() -> None:
    check("correct-horse-battery" * 3000, NAMES)


def test_every_way_of_setting_a_password_reads_it_as_sign_in_does(
    salon: Business, garage: Business, admin: Browser
) -> None:
    with unscoped("tests"):
        tenant = db.session.get_one(Tenant, salon.id)
        onboarding.create_user("made@salon.test", COMPOSED, Role.STAFF, tenant)
    form = {"name": "Bo", "email": "bo@salon.test", "role": "staff", "active": "y"}
    answer = admin.post("/admin/users/new/", data=form | {"new_password": COMPOSED})
    assert answer.status_code == 302
    user = person(salon.staff)
    with unscoped("tests"):
        set_password(user, COMPOSED, now())
        db.session.commit()
    for email in ("made@salon.test", "bo@salon.test", salon.staff):
        for typed in (COMPOSED, DECOMPOSED):
            assert Browser().sign_in(email, typed).status_code == 302, email


def test_every_way_of_setting_a_password_refuses_a_weak_one(
    salon: Business, garage: Business, admin: Browser
) -> None:
    weak = "Bella-Salon-2026"
    with unscoped("tests"), pytest.raises(onboarding.Rejected, match="made of"):
        tenant = db.session.get_one(Tenant, salon.id)
        onboarding.create_user("made@salon.test", weak, Role.STAFF, tenant)
    form = {"name": "Bo", "email": "bo@salon.test", "role": "staff", "active": "y"}
    answer = admin.post("/admin/users/new/", data=form | {"new_password": weak})
    assert answer.status_code == 200 and "made of the email or a name" in answer.text
    answer = admin.post("/password", data=own(weak))
    assert answer.status_code == 200 and "made of the email or a name" in answer.text
    user = person(salon.staff)
    with unscoped("tests"), pytest.raises(WeakPassword, match="made of"):
        set_password(user, weak, now())
    assert [user.email for user in users() if "made" in user.email or "bo@" in user.email] == []


def own(new: str) -> dict[str, str]:
    return {"password": PASSWORD, "new_password": new, "new_password_confirm": new}


def users() -> list[User]:
    db.session.rollback()
    with unscoped("tests"):
        return list(db.session.scalars(select(User)))


def test_the_demos_people_get_passwords_that_nobody_has_read_where_others_can_come(
    app: Flask, salon: Business, monkeypatch: pytest.MonkeyPatch
) -> None:
    with unscoped("tests"):
        user = person(salon.staff)
        user.email = demo.PEOPLE[0][1]
        set_password(user, demo.KNOWN_PASSWORD, now())
        db.session.commit()
    assert demo.known_people()[0].password == demo.KNOWN_PASSWORD
    shown = replace(app.extensions["settings"], bind="::")
    monkeypatch.setitem(app.extensions, "settings", shown)
    (told,) = demo.known_people()
    assert told.password != demo.KNOWN_PASSWORD
    assert verify_password(told.password, person(told.email).password)
    assert demo.known_people() == [], "told this once"


def test_a_reset_password_is_random_and_holds(salon: Business, staff: Browser) -> None:
    with unscoped("tests"):
        told = {user_access.reset(person(salon.staff), now()) for _ in range(2)}
        assert len(told) == 2
        fresh = user_access.reset(person(salon.staff), now())
        db.session.commit()
    assert staff.get("/messages").status_code == 302
    assert Browser().sign_in(salon.staff, fresh).status_code == 302
