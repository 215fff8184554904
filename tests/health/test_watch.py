"""Once an hour each business is looked at; of what became worse its admins are told once."""

from datetime import datetime, timedelta

import pytest
from flask import Flask
from sqlalchemy import delete, select, update

from app import onboarding
from app.extensions import db
from app.health import look, look_request, results, watch
from app.health.check import Check
from app.health.checks.business import BUSINESS
from app.health.finding import State, Verdict, broken, ok
from app.lib.time.clock import now as clock
from app.models import Role, SenderPause, Tenant, User, UserEmail
from app.tenancy import current_tenant_id, tenant_scope, unscoped
from tests.support import owner
from tests.support.beside import Beside
from tests.support.carrier import Carrier
from tests.support.mailboxes import Mailboxes
from tests.support.world import NOON, Business

MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)
LATER = datetime(2100, 1, 1, 12, tzinfo=NOON.tzinfo)


def pause(business: Business) -> None:
    told = {"reason": "The account is closed.", "since": NOON, "until": LATER}
    with tenant_scope(business.id):
        db.session.add(SenderPause(tenant_id=business.id, channel="sms", **told))
        db.session.commit()


def put_right(business: Business) -> None:
    with tenant_scope(business.id):
        db.session.execute(delete(SenderPause))
        db.session.commit()


def look_at(business: Business, at: datetime) -> None:
    with tenant_scope(business.id):
        watch.business(at)
    db.session.remove()


def emails() -> list[UserEmail]:
    with unscoped("tests"):
        told = UserEmail.kind == "messaging_trouble"
        return list(db.session.scalars(select(UserEmail).where(told).order_by(UserEmail.id)))


def test_each_business_is_looked_at_once_in_an_hour(
    twilio: Carrier, salon: Business, garage: Business
) -> None:
    assert watch.watch_due(LATER) == 2
    for business in (salon, garage):
        with tenant_scope(business.id):
            assert results.findings(business.id)
        db.session.remove()
    assert watch.watch_due(LATER + 59 * MINUTE) == 0
    assert watch.watch_due(LATER + HOUR + MINUTE) == 2


def test_a_business_is_looked_at_while_somebody_writes_what_refers_to_it(
    twilio: Carrier, salon: Business, garage: Business
) -> None:
    with owner.holding(select(Tenant.id).with_for_update(read=True, key_share=True)):
        assert watch.watch_due(LATER) == 2


def test_a_business_that_somebody_holds_for_a_moment_is_waited_for(
    app: Flask, twilio: Carrier, salon: Business, garage: Business
) -> None:
    looked: list[int] = []
    watching = Beside(app, None, lambda: looked.append(watch.watch_due(LATER)))
    with owner.holding(select(Tenant.id).with_for_update(key_share=True)):
        watching.start()
        watching.waits()
        assert looked == []
    watching.join()
    assert (looked, watching.error) == ([2], None)


def test_a_new_business_is_left_some_minutes_to_set_itself_up(
    twilio: Carrier, salon: Business, garage: Business
) -> None:
    moment = clock()
    with unscoped("tests"):
        db.session.execute(update(Tenant).values(health_due_at=LATER))
        db.session.commit()
    onboarding.create_tenant("fresh", "Fresh Salon", "Europe/Madrid", "ES")
    assert watch.watch_due(moment) == 0
    assert watch.watch_due(moment + 11 * MINUTE) == 1


def test_one_that_breaks_keeps_no_other_from_its_turn(
    twilio: Carrier, salon: Business, garage: Business, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = watch.business

    def breaks(now: datetime) -> object:
        if not breaks.__dict__.setdefault("done", False):
            breaks.__dict__["done"] = True
            raise ValueError
        return real(now)

    monkeypatch.setattr(watch, "business", breaks)
    assert watch.watch_due(LATER) == 2
    assert watch.watch_due(LATER + MINUTE) == 0, "the one that broke waits for its hour, too"


def test_a_change_for_the_worse_is_told_by_one_email_to_the_admins_of_that_business(
    post: Mailboxes, salon: Business, garage: Business
) -> None:
    look_at(salon, NOON)
    assert emails() == [], "nothing has changed yet"
    pause(salon)
    look_at(salon, NOON + HOUR)
    [email] = emails()
    with unscoped("tests"):
        admin = db.session.get_one(User, email.user_id)
        assert (admin.email, admin.role) == (salon.admin, Role.TENANT_ADMIN)
    assert email.values["business"] == salon.name
    assert "account is closed" in email.values["told"] and "What to do" in email.values["told"]
    look_at(salon, NOON + 2 * HOUR)
    assert len(emails()) == 1, "it is as it was"


def test_what_comes_and_goes_is_told_once_a_day(
    post: Mailboxes, salon: Business, garage: Business
) -> None:
    look_at(salon, NOON)
    for hours in (0, 2, 23):
        pause(salon)
        look_at(salon, NOON + timedelta(hours=hours + 1))
        put_right(salon)
        look_at(salon, NOON + timedelta(hours=hours + 2))
    assert len(emails()) == 2


def test_what_is_bad_when_it_is_first_looked_at_is_no_change(
    post: Mailboxes, salon: Business, garage: Business
) -> None:
    pause(salon)
    look_at(salon, NOON)
    assert emails() == []


def test_somebody_who_may_not_sign_in_any_more_is_told_nothing(
    post: Mailboxes, salon: Business, garage: Business
) -> None:
    look_at(salon, NOON)
    with unscoped("tests"):
        db.session.scalars(select(User).where(User.email == salon.admin)).one().active = False
        db.session.commit()
    pause(salon)
    look_at(salon, NOON + HOUR)
    assert emails() == []


def test_what_no_longer_concerns_a_business_is_forgotten(
    twilio: Carrier, salon: Business, garage: Business, monkeypatch: pytest.MonkeyPatch
) -> None:
    said: list[Verdict | None] = [broken("It is gone.", "Buy it."), None]
    check = Check("twilio_numbers", 15, "Whether …", lambda _: said.pop(0), outside=True)
    monkeypatch.setitem(BUSINESS, "twilio_numbers", check)
    look_at(salon, NOON)
    with tenant_scope(salon.id):
        assert look.of_business(NOON)[0].check == "twilio_numbers"
    db.session.remove()
    look_at(salon, NOON + HOUR)
    with tenant_scope(salon.id):
        assert "twilio_numbers" not in {each.check for each in look.of_business(NOON)}


def test_a_check_that_is_gone_from_the_code_is_not_told_any_more(
    twilio: Carrier, salon: Business, garage: Business, monkeypatch: pytest.MonkeyPatch
) -> None:
    with tenant_scope(salon.id):
        old = look.finding(Check("gone", 1, "", lambda _: None), ok("It was."), NOON)
        results.keep([old], salon.id)
        db.session.commit()
        assert {each.state for each in look.of_business(NOON)} == {State.OK}
    db.session.remove()
    look_at(salon, NOON)
    with tenant_scope(salon.id):
        assert "gone" not in {each.check for each in results.findings(salon.id)}


def asks(business: Business, at: datetime) -> None:
    with tenant_scope(business.id):
        look_request.of_business(at)
    db.session.remove()


def waits(business: Business) -> bool:
    with tenant_scope(business.id):
        waiting = look_request.since(business.id) is not None
    db.session.remove()
    return waiting


def test_whoever_asks_is_looked_at_before_those_whose_hour_has_come(
    twilio: Carrier, salon: Business, garage: Business, monkeypatch: pytest.MonkeyPatch
) -> None:
    watch.watch_due(LATER)
    looked: list[int] = []
    monkeypatch.setattr(watch, "business", lambda _now: looked.append(current_tenant_id()))
    asks(garage, LATER + HOUR + MINUTE)
    assert watch.watch_due(LATER + HOUR + MINUTE) == 2
    assert looked == [garage.id, salon.id]


def test_who_asks_twice_waits_for_one_look_and_is_due_in_an_hour_again(
    twilio: Carrier, salon: Business, garage: Business
) -> None:
    watch.watch_due(LATER)
    asks(salon, LATER + MINUTE)
    asks(salon, LATER + MINUTE)
    assert waits(salon) and not waits(garage)
    assert watch.watch_due(LATER + 2 * MINUTE) == 1
    assert not waits(salon)
    assert watch.watch_due(LATER + 50 * MINUTE) == 0
    assert watch.watch_due(LATER + 63 * MINUTE) == 2


def test_a_worker_that_dies_over_a_look_that_is_waited_for_is_followed_by_another(
    twilio: Carrier, salon: Business, garage: Business, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Killed(BaseException):
        """As by SIGKILL: nothing of ours is run after it."""

    def dies(_now: datetime) -> None:
        raise Killed

    watch.watch_due(LATER)
    asks(salon, LATER + MINUTE)
    with monkeypatch.context() as patch, pytest.raises(Killed):
        patch.setattr(watch, "business", dies)
        watch.watch_due(LATER + MINUTE)
    assert waits(salon), "it is not forgotten"
    assert watch.watch_due(LATER + 2 * MINUTE) == 0
    assert watch.watch_due(LATER + 4 * MINUTE) == 1
    assert not waits(salon)


def test_what_all_share_is_looked_at_when_the_operator_asks(
    post: Mailboxes, salon: Business, garage: Business
) -> None:
    watch.watch_due(LATER)
    look_request.of_platform(LATER + MINUTE)
    watch.watch_due(LATER + MINUTE)
    with unscoped("tests"):
        assert look_request.since(None) is None
        assert {each.at for each in results.findings(None)} == {LATER + MINUTE}
    assert not waits(salon)
