"""The way back in: commands for everybody who signs in."""

import pytest
from flask import Flask
from sqlalchemy import select

from app.extensions import db
from app.models import User
from app.tenancy import unscoped
from tests.cli.test_commands import run
from tests.support.authenticator import given
from tests.support.browser import Browser
from tests.support.world import Business, operator


def person(email: str) -> User:
    db.session.rollback()
    db.session.expire_all()
    with unscoped("tests"):
        return db.session.scalars(select(User).where(User.email == email)).one()


def test_all_are_listed_or_those_of_a_business(
    app: Flask, salon: Business, garage: Business
) -> None:
    operator()
    lines = run("user", "list").output.splitlines()
    assert f"{salon.staff}  staff  salon  may sign in" in lines
    assert "op@platform.test  platform_admin  -  may sign in" in lines
    assert len(lines) == 5
    assert len(run("user", "list", "--tenant=garage").output.splitlines()) == 2
    assert run("user", "list", "--tenant=nobody").exit_code == 1


def test_somebody_is_kept_out_and_let_in_again(salon: Business, staff: Browser) -> None:
    assert run("user", "disable", f"--email={salon.staff.upper()}").exit_code == 0
    assert staff.get("/messages").status_code == 302
    assert "disabled" in run("user", "list", "--tenant=salon").output
    assert Browser().sign_in(salon.staff).status_code == 200
    assert run("user", "enable", f"--email={salon.staff}").exit_code == 0
    assert Browser().sign_in(salon.staff).status_code == 302


@pytest.mark.parametrize("who", ["staff@salon.test", "op@platform.test"])
def test_a_reset_prints_a_password_that_holds(salon: Business, garage: Business, who: str) -> None:
    operator()
    before, strangers = Browser(who), Browser(garage.staff)
    assert before.get("/").status_code == 302 and "/login" not in before.get("/").location
    result = run("user", "reset", f"--email={who}")
    fresh = result.output.rpartition("password: ")[2].strip()
    assert before.get("/").location.startswith("/login")
    assert strangers.get("/messages").status_code == 200
    assert Browser().sign_in(who).status_code == 200
    assert Browser().sign_in(who, fresh).status_code == 302


def test_the_last_admin_and_the_last_operator_stay(salon: Business, garage: Business) -> None:
    for email, says in ((salon.admin, "last admin"), (operator(), "last operator")):
        result = run("user", "disable", f"--email={email}")
        assert result.exit_code == 1 and says in result.output
        assert person(email).active


@pytest.mark.parametrize("who", ["admin@salon.test", "op@platform.test"])
def test_a_second_factor_is_reset_for_whoever_has_lost_it(
    salon: Business, garage: Business, who: str
) -> None:
    operator()
    given(who)
    given(garage.admin)
    assert Browser().sign_in(who).location.startswith("/login/code")
    assert run("user", "reset-second-factor", f"--email={who}").exit_code == 0
    assert Browser().sign_in(who).location == "/"
    assert Browser().sign_in(garage.admin).location.startswith("/login/code")
    again = run("user", "reset-second-factor", f"--email={who}")
    assert again.exit_code == 1 and "has no second factor" in again.output


@pytest.mark.parametrize("verb", ["disable", "enable", "reset", "reset-second-factor"])
def test_an_unknown_email_is_said_to_be_one(salon: Business, verb: str) -> None:
    result = run("user", verb, "--email=nobody@salon.test")
    assert result.exit_code == 1 and "nobody signs in" in result.output
