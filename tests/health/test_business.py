"""What a business is told of its messages: worst first, in plain words, and of itself alone."""

from datetime import date, timedelta
from uuid import uuid4

from sqlalchemy import insert, update

from app.extensions import db
from app.health import look
from app.health.checks.business import BUSINESS, delivery, opt_outs, silence
from app.health.finding import Finding, State
from app.lib.message_status import MessageStatus
from app.models import (
    AutomationRule,
    ConsentEvent,
    MessageCount,
    NotificationSetting,
    NumberState,
    SenderNumber,
    SenderPause,
    Tenant,
)
from app.notifications.types import TYPES
from app.tenancy import tenant_scope
from tests.support.mailboxes import Mailboxes
from tests.support.queries import statements
from tests.support.world import NOON, Business, say

MINUTE, DAY = timedelta(minutes=1), timedelta(days=1)
QUIET = MessageStatus.QUEUED


def findings(business: Business) -> dict[str, Finding]:
    with tenant_scope(business.id):
        return {finding.check: finding for finding in look.of_business(NOON)}


def state(business: Business, check: str) -> State:
    return findings(business)[check].state


def add(business: Business, *rows: object) -> None:
    with tenant_scope(business.id):
        db.session.add_all(rows)
        db.session.commit()


def pause(business: Business) -> None:
    reason, at = "The account is suspended. Pay its bill.", NOON - MINUTE
    whose = {"tenant_id": business.id, "channel": "sms"}
    add(business, SenderPause(**whose, reason=reason, since=at, until=NOON + MINUTE))


def test_a_business_in_which_all_is_well_hears_nothing_to_do(
    salon: Business, garage: Business
) -> None:
    told = findings(salon).values()
    assert {finding.state for finding in told} == {State.OK}
    assert not any(finding.next_step for finding in told)
    assert all(finding.sentence.endswith(".") and finding.at == NOON for finding in told)


def test_a_paused_sender_is_told_first_with_its_reason_and_to_its_business_alone(
    salon: Business, garage: Business
) -> None:
    pause(salon)
    first = next(iter(findings(salon).values()))
    assert (first.check, first.state) == ("sender_paused", State.BROKEN)
    assert "SMS" in first.sentence and "The account is suspended." in first.sentence
    assert "Try again now" in first.next_step
    assert state(garage, "sender_paused") is State.OK


def test_a_number_that_does_not_count_is_told_with_twilios_word(
    salon: Business, garage: Business
) -> None:
    number = {"channel": "sms", "number": "+14155550188"}
    add(salon, SenderNumber(**number, state=NumberState.CHECKING, since=NOON))
    assert state(salon, "sender_numbers") is State.WARNING
    absent = {"state": NumberState.ABSENT, "reason": "Your account has no such number."}
    add(salon, SenderNumber(**{**number, "number": "+14155550189"}, **absent, since=NOON))
    found = findings(salon)["sender_numbers"]
    assert (found.state, "no such number" in found.sentence) == (State.BROKEN, True)
    assert state(garage, "sender_numbers") is State.OK


def test_what_is_due_and_does_not_leave_is_told_by_how_long_it_waits(
    salon: Business, garage: Business
) -> None:
    say(salon, "See you", status=QUIET, at=NOON - MINUTE)
    assert state(salon, "waiting") is State.OK
    say(salon, "See you soon", status=QUIET, at=NOON - 5 * MINUTE)
    assert state(salon, "waiting") is State.WARNING
    say(salon, "See you then", status=QUIET, at=NOON - 20 * MINUTE)
    assert "20 minutes" in findings(salon)["waiting"].sentence
    assert state(salon, "waiting") is State.BROKEN
    assert state(garage, "waiting") is State.OK


def test_what_waits_for_a_paused_sender_is_told_once(salon: Business, garage: Business) -> None:
    say(salon, "See you then", status=QUIET, at=NOON - 20 * MINUTE)
    pause(salon)
    assert state(salon, "waiting") is State.OK
    assert state(salon, "sender_paused") is State.BROKEN


def test_messages_that_do_not_arrive_are_told_by_their_share(
    salon: Business, garage: Business
) -> None:
    for n in range(6):
        say(salon, f"Before {n}", status=MessageStatus.DELIVERED, at=NOON - 9 * DAY)
        say(salon, f"Now {n}", status=MessageStatus.FAILED, at=NOON - MINUTE)
    found = findings(salon)["delivery"]
    assert (found.state, "0% arrived" in found.sentence) == (State.BROKEN, True)
    assert state(garage, "delivery") is State.OK


def test_a_share_that_falls_is_told_beside_what_was_usual() -> None:
    good, bad = MessageStatus.DELIVERED, MessageStatus.FAILED

    def share(arrived: int, of: int, days: int) -> list[delivery.Ended]:
        at = NOON - days * DAY
        return [(at, good)] * arrived + [(at, bad)] * (of - arrived)

    judge = delivery.judge
    assert judge(share(0, 4, 1), NOON).state is State.OK, "four prove nothing"
    assert judge(share(9, 10, 1), NOON).state is State.OK
    assert judge(share(7, 10, 1), NOON).state is State.WARNING, "95% is usual"
    assert judge([*share(7, 10, 1), *share(8, 10, 9)], NOON).state is State.OK, "as before"
    assert "it was 100%" in judge([*share(7, 10, 1), *share(10, 10, 9)], NOON).sentence
    assert judge([*share(4, 10, 1), *share(4, 10, 9)], NOON).state is State.BROKEN


def test_silence_is_told_when_it_is_twice_as_long_as_ever() -> None:
    today = date(2026, 11, 18)

    def heard(*ago: int) -> list[date]:
        return [today - timedelta(days=days) for days in sorted(ago, reverse=True)]

    daily = range(3, 20)
    assert silence.judge(heard(*daily), today).state is State.WARNING
    assert "3 days" in silence.judge(heard(*daily), today).sentence
    assert silence.judge(heard(2, *daily), today).state is State.OK
    with_weekends = [day for day in range(4, 34) if day % 7 not in (0, 1)]
    assert silence.judge(heard(*with_weekends), today).state is State.OK
    assert silence.judge(heard(*range(20, 25)), today).state is State.OK, "few ever wrote"


def test_silence_is_counted_by_the_days_of_the_business(salon: Business, garage: Business) -> None:
    rows = [
        {"tenant_id": salon.id, "day": NOON.date() - days * DAY, "shard": 0, "messages": 1}
        | {"channel": "sms", "direction": "inbound"}
        for days in range(5, 20)
    ]
    with tenant_scope(salon.id):
        db.session.execute(insert(MessageCount), rows)
        db.session.commit()
    with tenant_scope(salon.id):
        heard = silence._heard(NOON.date())
    assert len(heard) >= len(rows) and heard == sorted(heard)
    with tenant_scope(garage.id):
        assert len(silence._heard(NOON.date())) <= 1


def test_more_stops_than_usual_are_told(salon: Business, garage: Business) -> None:
    def stop(days: int) -> ConsentEvent:
        address = f"{uuid4().hex}@example.test"
        at = NOON - days * DAY
        return ConsentEvent(channel="email", address=address, said="stop", source="link", at=at)

    add(salon, *[stop(1) for _ in range(6)])
    assert state(salon, "opt_outs") is State.WARNING
    assert state(garage, "opt_outs") is State.OK
    add(salon, *[stop(10) for _ in range(20)])
    assert state(salon, "opt_outs") is State.OK, "so many a week are usual there"
    assert opt_outs.judge(4, 0).state is State.OK, "four can be chance"


def test_a_kind_without_an_approved_template_is_named(salon: Business, garage: Business) -> None:
    assert "whatsapp_templates" not in findings(salon)
    kind = next(kind for kind in TYPES.values() if kind.key == "appointment_reminder")
    set_channel(salon, kind.key, "whatsapp")
    found = findings(salon)["whatsapp_templates"]
    assert found.state is State.WARNING and kind.label in found.sentence
    with tenant_scope(salon.id):
        db.session.get_one(Tenant, salon.id).whatsapp_falls_back = True
        db.session.commit()
    assert "whatsapp_templates" not in findings(salon), "it goes by SMS then"


def set_channel(business: Business, kind: str, channel: str) -> None:
    with tenant_scope(business.id):
        chosen = update(NotificationSetting).where(NotificationSetting.type == kind)
        db.session.execute(chosen.values(channel=channel, enabled=True))
        db.session.commit()


def test_a_mailbox_that_nobody_confirmed_is_told(
    post: Mailboxes, salon: Business, garage: Business
) -> None:
    assert state(salon, "email_answers") is State.OK
    with tenant_scope(salon.id):
        db.session.get_one(Tenant, salon.id).reply_to_wanted = "new@salon.test"
        db.session.commit()
    found = findings(salon)["email_answers"]
    assert (found.state, "new@salon.test" in found.sentence) == (State.WARNING, True)
    assert state(garage, "email_answers") is State.OK


def test_every_check_says_what_it_looks_at_and_has_a_place_of_its_own() -> None:
    orders = [check.order for check in BUSINESS.values()]
    assert len(set(orders)) == len(orders) > 5
    assert all(check.looks_at.startswith(("Wh", "How")) for check in BUSINESS.values())


def test_a_business_is_looked_at_with_few_statements(salon: Business, garage: Business) -> None:
    with tenant_scope(salon.id), statements() as asked:
        look.of_business(NOON)
    assert len(asked) <= 20, asked


def test_a_rule_that_turned_itself_off_is_told_with_its_reason(
    salon: Business, garage: Business
) -> None:
    why = "The label that it names is gone."
    about = {"trigger": "customer_wrote", "trigger_options": {}, "conditions": [], "actions": []}
    when = {"created_at": NOON, "updated_at": NOON}
    assert state(salon, "rules_off") is State.OK
    add(salon, AutomationRule(name="Price list", off_reason=why, **about, **when))
    add(garage, AutomationRule(name="Theirs", **about, **when))
    found = findings(salon)["rules_off"]
    assert (found.state, found.sentence) == (
        State.WARNING,
        f"The rule “Price list” has turned itself off. {why}",
    )
    assert state(garage, "rules_off") is State.OK
