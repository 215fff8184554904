"""Nobody takes away the access of the last who could give it back, not even two at once."""

import threading
from collections.abc import Callable

import pytest
from flask import Flask
from sqlalchemy import select

from app.extensions import db
from app.lib.time.clock import now
from app.models import Role, Tenant, User
from app.onboarding import create_user
from app.tenancy import unscoped
from app.users import user_access
from app.users.user_access import LastAdmin
from tests.support.browser import Browser
from tests.support.world import PASSWORD, Business, operator


def person(email: str) -> User:
    db.session.rollback()
    db.session.expire_all()
    with unscoped("tests"):
        return db.session.scalars(select(User).where(User.email == email)).one()


def another(email: str, role: Role, tenant_id: int | None) -> str:
    with unscoped("tests"):
        tenant = db.session.get(Tenant, tenant_id) if tenant_id else None
        create_user(email, PASSWORD, role, tenant)
    return email


def disable(email: str) -> None:
    with unscoped("tests"):
        user_access.disable(person(email), now())
        db.session.commit()


def test_the_last_admin_of_a_business_is_kept(salon: Business, garage: Business) -> None:
    with pytest.raises(LastAdmin, match="admin of this business"):
        disable(salon.admin)
    assert person(salon.admin).active
    second = another("second@salon.test", Role.TENANT_ADMIN, salon.id)
    disable(salon.admin)
    with pytest.raises(LastAdmin):
        disable(second)
    disable(salon.staff)


def test_the_last_operator_is_kept(salon: Business, garage: Business) -> None:
    with pytest.raises(LastAdmin, match="operator"):
        disable(operator())
    another("op2@platform.test", Role.PLATFORM_ADMIN, None)
    disable(operator())
    with pytest.raises(LastAdmin):
        disable("op2@platform.test")


def test_another_businesss_admin_saves_nobody(salon: Business, garage: Business) -> None:
    another("second@garage.test", Role.TENANT_ADMIN, garage.id)
    operator()
    with pytest.raises(LastAdmin):
        disable(salon.admin)


def at_once(app: Flask, *acts: Callable[[], object]) -> list[object]:
    """What each came to, begun at the same moment."""
    gate, ends = threading.Barrier(len(acts)), list[object]()

    def run(act: Callable[[], object]) -> None:
        with app.app_context():
            gate.wait(5)
            try:
                ends.append(act())
            except LastAdmin as error:
                ends.append(error)
            finally:
                db.session.remove()

    threads = [threading.Thread(target=run, args=(act,)) for act in acts]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(20)
    return ends


@pytest.mark.parametrize("kind", ["admins", "operators"])
def test_two_who_disable_each_other_at_the_same_moment_leave_one(
    app: Flask, salon: Business, garage: Business, kind: str
) -> None:
    for round_ in range(5):
        if kind == "admins":
            pair = (salon.admin, f"second{round_}@salon.test")
            another(pair[1], Role.TENANT_ADMIN, salon.id)
        else:
            pair = (operator(), f"second{round_}@platform.test")
            another(pair[1], Role.PLATFORM_ADMIN, None)
        ends = at_once(app, *(lambda email=email: disable(email) for email in pair))
        assert [type(end) for end in ends].count(LastAdmin) == 1
        left = [email for email in pair if person(email).active]
        assert len(left) == 1
        with unscoped("tests"):
            for email in pair:
                person(email).active = email == pair[0]
                db.session.commit()


def test_two_admins_who_demote_each_other_in_the_panel_leave_one(
    app: Flask, salon: Business, garage: Business
) -> None:
    second = another("second@salon.test", Role.TENANT_ADMIN, salon.id)
    mine, theirs = Browser(salon.admin), Browser()
    assert theirs.sign_in(second).status_code == 302
    ids = {email: person(email).id for email in (salon.admin, second)}

    def demote(browser: Browser, email: str) -> object:
        form = {"name": "X", "email": email, "role": "staff", "active": "y"}
        return browser.post(f"/admin/users/edit/?id={ids[email]}", data=form).status_code

    ends = at_once(app, lambda: demote(mine, second), lambda: demote(theirs, salon.admin))
    assert sorted(ends, key=str) in ([200, 302], [302, 403]), ends
    roles = {person(email).role for email in ids}
    assert Role.TENANT_ADMIN in roles


def test_the_operator_within_a_business_takes_nobodys_access_away(
    salon: Business, garage: Business, operator: Browser
) -> None:
    operator.post(f"/admin/tenants/enter/{salon.id}")
    admin = person(salon.admin)
    form = {"name": "Bella", "email": salon.admin, "role": "staff", "new_password": "x" * 20}
    for path, data in (
        (f"edit/?id={admin.id}", form),
        ("new/", form | {"email": "new@salon.test"}),
        ("delete/", {"id": admin.id}),
        ("action/", {"action": "delete", "rowid": [admin.id]}),
    ):
        assert operator.post(f"/admin/users/{path}", data=data).status_code == 403
    admin = person(salon.admin)
    assert (admin.role, admin.active) == (Role.TENANT_ADMIN, True)
