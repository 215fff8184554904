"""What Twilio tells of calls, and what it is told to do: one row a call, whatever comes when."""

import itertools
import re
from collections.abc import Iterable
from dataclasses import replace
from xml.etree.ElementTree import fromstring

import pytest
from flask import Flask
from sqlalchemy import select

from app.extensions import db, redis_client, settings
from app.inbound.incoming_calls import SETTLED_AFTER
from app.lib.telephone.call_outcome import CallOutcome
from app.lib.time.clock import now
from app.models import Call, ContactPoint, Conversation, Customer, Notification, Tenant
from app.notifications.dispatch import dispatch
from app.notifications.planning.missed_calls import plan_missed
from app.simulator.telephones import voice
from app.tenancy import tenant_scope
from tests.inbound.test_webhooks import at_once, rows
from tests.support import twilio as posts
from tests.support.carrier import Carrier, served
from tests.support.crowd import crowd
from tests.support.world import Business

NOBODY = "Sorry, nobody can take your call right now. Goodbye."
CALL, ANOTHER = "CA" + "1" * 32, "CA" + "2" * 32
CALLER = "+16175551212"
LANDLINE = "+442071838750"
RINGS = {"CallStatus": "ringing"}
OVER = {"CallStatus": "completed", "CallDuration": "37"}
GONE = {"CallStatus": "no-answer", "CallDuration": "0"}


# (what Twilio calls the caller, what is kept, whether they can be texted)
CALLERS = [
    (CALLER, CALLER, True),
    ("whatsapp:+16175551212", CALLER, True),
    ("+5511987654321", "+5511987654321", True),
    ("+266696687", "anonymous", False),
    ("266696687", "anonymous", False),
    ("+7378742833", "anonymous", False),
    ("+86282452253", "anonymous", False),
    ("anonymous", "anonymous", False),
    ("Restricted", "anonymous", False),
    ("", "anonymous", False),
    ("+7378742883", "+7378742883", False),
    ("+10000000000", "+10000000000", False),
    ("12345", "12345", False),
    ("client:ann", "client:ann", False),
    ("sip:ann@example.com", "sip:ann@example.com", False),
    # A landline, where a country's numbers tell.
    (LANDLINE, LANDLINE, False),
    # The business itself: the number called, its own, and the telephone that rings.
    ("+14155550100", "+14155550100", False),
    ("+14155550101", "+14155550101", False),
]


def dialed(status: str, **more: str) -> dict[str, str]:
    return {"CallStatus": "in-progress", "DialCallStatus": status, **more}


TALKED = dialed("completed", DialBridged="true", DialCallDuration="42")


def forwards(business: Business, number: str | None = "+14155550101", **settings: object) -> None:
    tenant = db.session.get_one(Tenant, business.id)
    for name, value in ({"forward_calls_to": number} | settings).items():
        setattr(tenant, name, value)
    db.session.commit()


def tell(business: Business, route: str, form: dict[str, str], sid: str = CALL) -> str:
    """Twilio posts; what it is answered."""
    base = posts.payload("voice_in_ringing", CallSid=sid, To=business.number)
    answer = posts.post(f"/api/twilio/{business.slug}/{route}", base | form)
    assert (answer.status_code, answer.mimetype) == (200, "text/xml")
    return answer.text


def calls_of(business: Business) -> list[Call]:
    """Those that Twilio told of."""
    with tenant_scope(business.id):
        told = select(Call).where(Call.provider_sid.is_not(None)).order_by(Call.id)
        return list(db.session.scalars(told.execution_options(populate_existing=True)))


def talks(business: Business) -> list[Conversation]:
    """The conversations that begin with a call."""
    with tenant_scope(business.id):
        begun = select(Conversation).where(Conversation.last_message_id == 0)
        return list(db.session.scalars(begun.execution_options(populate_existing=True)))


def orders(*told: tuple[str, dict[str, str]]) -> Iterable[list[tuple[str, dict[str, str]]]]:
    """Every order, each webhook once and then all of them again."""
    return ([*order, *order] for order in itertools.permutations(told))


@pytest.mark.parametrize(
    ("outcome", "seconds", "told"),
    [
        ("ringing", 0, [("answer", RINGS)]),
        ("ringing", 0, [("status", {"CallStatus": "in-progress"})]),
        ("answered", 42, [("answer", RINGS), ("status", TALKED), ("status", OVER)]),
        ("answered", 0, [("status", dialed("answered")), ("status", OVER)]),
        ("answered", 9, [("status", dialed("completed", DialCallDuration="9"))]),
        # Picked up and never connected: a voicemail that was asked to press 1.
        ("missed", 0, [("status", dialed("completed", DialBridged="false", DialCallDuration="9"))]),
        ("missed", 0, [("status", dialed("completed", DialCallDuration="0"))]),
        ("missed", 0, [("answer", RINGS), ("status", dialed("no-answer")), ("status", OVER)]),
        ("missed", 0, [("status", dialed("busy"))]),
        ("missed", 0, [("status", dialed("failed"))]),
        ("missed", 0, [("status", dialed("canceled")), ("status", GONE)]),
        ("missed", 0, [("answer", RINGS), ("status", GONE)]),
        ("missed", 0, [("answer", RINGS), ("status", OVER)]),
        ("missed", 0, [("status", {"CallStatus": "canceled"})]),
    ],
)
def test_an_outcome_is_the_same_in_every_order_and_when_repeated(
    salon: Business,
    garage: Business,
    outcome: str,
    seconds: int,
    told: list[tuple[str, dict[str, str]]],
) -> None:
    forwards(salon)
    for number, order in enumerate(orders(*told)):
        for route, form in order:
            tell(salon, route, form, sid=f"CA{number:032}")
    calls = calls_of(salon)
    assert {(call.outcome, call.duration_seconds) for call in calls} == {(outcome, seconds)}
    assert len(calls) == number + 1
    assert all((call.missed_at is not None) == (outcome == "missed") for call in calls)
    assert len({call.customer_id for call in calls} - {None}) == 1
    assert calls_of(garage) == []


def test_every_captured_call_is_understood(salon: Business) -> None:
    captured = {
        "voice_in_ringing": "ringing",
        "voice_dial_action_completed": "answered",
        "voice_dial_action_no_answer": "missed",
        "voice_status_completed_inbound": "missed",
        "voice_status_no_answer_inbound": "missed",
    }
    for number, (name, outcome) in enumerate(captured.items()):
        form = posts.payload(name, CallSid=f"CA{number:032}")
        answer = posts.post("/api/twilio/salon/status", form)
        assert (NOBODY in answer.text) == (outcome == "missed"), name
    assert [call.outcome for call in calls_of(salon)] == list(captured.values())


def test_a_call_rings_at_the_business_and_shows_who_calls(salon: Business) -> None:
    forwards(salon)
    document = tell(salon, "answer", RINGS)
    assert re.search(r'<Dial action="http://localhost/api/twilio/salon/status#rc=', document)
    assert re.search(r'timeout="20".*>\+14155550101</Number>', document)
    assert "callerId" not in document
    assert "whisper" not in document


def test_whoever_keeps_the_number_back_is_shown_as_the_number_called(salon: Business) -> None:
    forwards(salon)
    document = tell(salon, "answer", RINGS | {"From": "anonymous"})
    assert f'callerId="{salon.number}"' in document


@pytest.mark.parametrize(
    ("number", "country", "language", "sentence"),
    [
        (None, "US", "en-US", NOBODY),
        (None, "DE", "en-US", NOBODY),
        (None, "MX", "es-MX", "nadie puede atender su llamada"),
        # Forwarded to itself it would ring for ever.
        ("+14155550100", "US", "en-US", NOBODY),
    ],
)
def test_where_nothing_can_ring_the_caller_hears_so_and_the_call_is_missed(
    salon: Business, number: str | None, country: str, language: str, sentence: str
) -> None:
    forwards(salon, number, country=country)
    document = tell(salon, "answer", RINGS)
    assert f'<Say language="{language}">' in document
    assert sentence in document
    assert "<Hangup" in document
    assert [call.outcome for call in calls_of(salon)] == ["missed"]


def test_a_screened_call_is_taken_by_the_key_1_alone(salon: Business) -> None:
    forwards(salon, screen_calls=True)
    assert 'url="http://localhost/api/twilio/salon/whisper#' in tell(salon, "answer", RINGS)
    question = tell(salon, "whisper", {"CallStatus": "in-progress"})
    assert "Salon. Press 1 to take it." in question
    assert re.search(r"<Gather .*</Gather><Hangup", question)
    assert tell(salon, "whisper", {"Digits": "2"}) == question
    assert "Gather" not in tell(salon, "whisper", {"Digits": "1"})
    # The question is put within another call, to the business's own telephone.
    assert [call.outcome for call in calls_of(salon)] == ["ringing"]


def test_a_name_with_marks_and_control_characters_breaks_no_call(salon: Business) -> None:
    forwards(salon, screen_calls=True, name="A\x01<Hangup/>\x0b&\uffffB")
    answer = tell(salon, "whisper", {"CallStatus": "in-progress"})
    question = fromstring(answer)  # noqa: S314  (our own)
    [said] = question.iter("Say")
    assert said.text and "A <Hangup/> & B. Press 1 to take it." in said.text


def test_who_can_be_called_back_becomes_a_customer_and_nobody_else(salon: Business) -> None:
    forwards(salon)
    for place, (caller, _, _) in enumerate(CALLERS):
        tell(salon, "answer", RINGS | {"From": caller}, sid=f"CA{place:032}")
    calls = calls_of(salon)
    assert [(call.caller, call.reachable) for call in calls] == [row[1:] for row in CALLERS]
    met = [call.caller for call in calls if call.customer_id]
    assert met == [CALLER, CALLER, "+5511987654321", LANDLINE]


def test_a_caller_is_met_again_by_any_form_of_the_number(salon: Business) -> None:
    with tenant_scope(salon.id):
        known = Customer(first_name="Rui")
        # They only ever wrote by WhatsApp, which leaves out the mobile 9 of Brazil.
        known.contact_points.append(ContactPoint(channel="whatsapp", address="+551187654321"))
        db.session.add(known)
        db.session.commit()
        known_id = known.id
    tell(salon, "answer", RINGS | {"From": "+5511987654321"})
    assert [call.customer_id for call in calls_of(salon)] == [known_id]
    with tenant_scope(salon.id):
        of_theirs = select(ContactPoint).where(ContactPoint.customer_id == known_id)
        points = {(p.channel, p.address) for p in db.session.scalars(of_theirs)}
    assert points == {("whatsapp", "+551187654321"), ("sms", "+5511987654321")}


def test_a_call_of_the_strangers_is_theirs_whatever_its_sid(
    salon: Business, garage: Business
) -> None:
    forwards(salon)
    forwards(garage)
    tell(garage, "answer", RINGS)
    tell(salon, "answer", RINGS)
    tell(salon, "status", TALKED)
    assert [call.outcome for call in calls_of(garage)] == ["ringing"]
    assert [call.outcome for call in calls_of(salon)] == ["answered"]
    assert calls_of(garage)[0].customer_id != calls_of(salon)[0].customer_id


def test_ten_webhooks_at_once_are_one_call_and_one_customer(app: Flask, salon: Business) -> None:
    forwards(salon)
    before = rows(app)
    told = [("answer", RINGS), ("status", dialed("no-answer")), ("status", OVER)] * 3

    def post(route: str, form: dict[str, str], sid: str) -> None:
        tell(salon, route, form, sid)

    # The same person, on a second line that is engaged.
    jobs = [lambda at=at: post(*at, CALL) for at in told]
    at_once(app, [*jobs, lambda: post("answer", RINGS, ANOTHER)])
    db.session.rollback()
    outcomes = {call.provider_sid: call.outcome for call in calls_of(salon)}
    assert outcomes == {CALL: CallOutcome.MISSED, ANOTHER: CallOutcome.RINGING}
    # Two calls, one customer, one number, one conversation.
    assert rows(app) == before + 5
    assert [(talk.unread_count, talk.call_missed) for talk in talks(salon)] == [(1, True)]


def test_calls_of_telephones_end_as_people_would_say(
    app: Flask,
    salon: Business,
    garage: Business,
    twilio: Carrier,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    with served(app) as url:
        # Signatures count for the address that Twilio was told.
        known = replace(settings(), public_url=url)
        monkeypatch.setitem(app.extensions, "settings", known)
        twilio.tells_of_calls(salon.number, f"{url}/api/twilio/salon")
        for screened in (False, True):
            forwards(salon, screen_calls=screened)
            for place, ending in enumerate(voice.ENDINGS):
                call = twilio.call(f"+1212555017{place}", salon.number, ending)
                assert call["problem"] == ""
                heard_nobody = ending != "hangs-up" and call["dialed"] != "completed"
                assert call["heard"] == ([NOBODY] if heard_nobody else [])
    # Where nobody is asked to press 1, a voicemail takes a call as anybody does.
    unscreened = ["answered", "answered", "missed", "missed", "missed"]
    screened_ones = ["answered", "missed", "missed", "missed", "missed"]
    assert [call.outcome for call in calls_of(salon)] == unscreened + screened_ones
    assert calls_of(garage) == []


@pytest.mark.parametrize(
    ("route", "form", "rings"),
    [
        ("answer", RINGS, False),
        ("status", TALKED, False),
        ("status", dialed("no-answer"), True),
        ("status", GONE, True),
    ],
)
def test_a_missed_call_asks_for_its_follow_up_at_once_and_once(
    salon: Business, garage: Business, route: str, form: dict[str, str], rings: bool
) -> None:
    forwards(salon)
    for heard in (rings, False):
        redis_client().flushdb()
        tell(salon, route, form)
        assert bool(redis_client().exists("bell:plan_missed")) is heard


def test_where_nothing_rings_the_caller_is_texted_at_once(
    salon: Business, garage: Business
) -> None:
    awake(salon, None)
    tell(salon, "answer", RINGS)
    assert redis_client().exists("bell:plan_missed")
    plan_missed(now())
    dispatch(now())
    assert [row.cause for row in follow_ups(salon)] == ["sent"]
    assert not follow_ups(garage)


def test_who_was_taken_is_not_texted_though_the_end_is_told_first(
    salon: Business, garage: Business
) -> None:
    awake(salon)
    tell(salon, "answer", RINGS)
    before = now()
    tell(salon, "status", OVER)
    plan_missed(now())
    [waits] = follow_ups(salon)
    assert before + SETTLED_AFTER <= waits.due_at <= now() + SETTLED_AFTER
    dispatch(before)
    tell(salon, "status", TALKED)
    dispatch(waits.due_at)
    assert [row.cause for row in follow_ups(salon)] == ["answered"]


def test_webhooks_and_looks_that_race_text_a_caller_once(
    app: Flask, salon: Business, garage: Business
) -> None:
    awake(salon)

    def race() -> None:
        # Who has called twice; and each call is told of again and again.
        for sid in (CALL, ANOTHER):
            tell(salon, "status", dialed("no-answer"), sid)
        plan_missed(now())
        dispatch(now())

    assert crowd(app, race, size=8) == []
    plan_missed(now())
    dispatch(now())
    assert sorted(row.cause for row in follow_ups(salon)) == ["recently", "sent"]


def awake(business: Business, number: str | None = "+14155550101") -> None:
    """Texts go at any hour: these go by the clock of the webhook."""
    forwards(business, number, quiet_from=None, quiet_until=None)


def follow_ups(business: Business) -> list[Notification]:
    """Of the calls that Twilio told of."""
    ids = [call.id for call in calls_of(business)]
    with tenant_scope(business.id):
        rows = select(Notification).where(Notification.call_id.in_(ids))
        fresh = rows.order_by(Notification.id).execution_options(populate_existing=True)
        found = list(db.session.scalars(fresh))
        db.session.rollback()
    return found
