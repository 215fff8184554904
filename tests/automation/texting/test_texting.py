"""What rules say to customers: the words, the way there, and all that holds them back."""

from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import select, update

from app.appointments import commands
from app.extensions import db
from app.inbound import keywords
from app.inbound.emails.receive_email import receive_email
from app.lib.message_status import MessageStatus
from app.models import (
    Appointment,
    AutomationRule,
    AwayMessage,
    ContactPoint,
    Conversation,
    Customer,
    Message,
    OptOut,
    Tenant,
)
from app.outbox.queue.automatic_pause import OURS
from app.providers import inbound_email
from tests.automation import rules
from tests.automation.rules import (
    HOUR,
    MINUTE,
    ON,
    SECOND,
    THEN,
    look,
    rule,
    runs,
    statuses,
    texts,
    writes,
)
from tests.support import world
from tests.support.email_in import written
from tests.support.mailboxes import Mailboxes
from tests.support.world import NOON, Business

DAY = timedelta(days=1)
# Half past ten in the evening in New York, when quiet hours hold, and when they are over.
NIGHT, MORNING = NOON + timedelta(hours=10, minutes=30), NOON + timedelta(hours=20)


def answering(text: str = "A cut is 40.", **more: Any) -> int:
    return rule(do=[("send_text", {"text": text, **more})], name="Price list")


def reason() -> str:
    return runs()[-1].reason


def last() -> Message:
    query = select(Message).where(Message.client_token.startswith("rule:"))
    return db.session.scalars(query.order_by(Message.id.desc()).limit(1)).one()


def change(kind: Any, **values: Any) -> None:
    db.session.execute(update(kind).values(**values))
    db.session.commit()


def test_its_variables_are_those_of_the_customer_and_their_appointment(inside: Business) -> None:
    answering("{{customer_name}}, {{service_name}} on {{appointment_date}}. {{business_name}}")
    writes(inside)
    assert texts(inside) == ["Ann, Cut on Thu, Nov 19. Bella's Salon"]


def test_what_customers_call_themselves_is_no_template(inside: Business) -> None:
    change(Customer, first_name="{{business_name}}{% if %}")
    answering("Hi {{customer_name}}")
    writes(inside)
    assert texts(inside) == ["Hi {{business_name}}{% if %}"]


@pytest.mark.parametrize(
    ("speaks", "said"), [("es-MX", "Hola"), ("fr", "Hello"), (None, "Hello"), ("en", "Hello")]
)
def test_it_is_in_the_customers_language_where_there_is_a_text_in_it(
    inside: Business, speaks: str | None, said: str
) -> None:
    change(Customer, language=speaks)
    answering("Hello", text_es="Hola")
    writes(inside)
    assert texts(inside) == [said]


def test_a_text_that_cannot_be_used_turns_the_rule_off(inside: Business) -> None:
    made = answering("Hi {{customer_nam}}")
    writes(inside)
    off = db.session.get_one(AutomationRule, made)
    assert off.off_reason.startswith("Its text cannot be used. customer_nam is unknown: did you")
    assert texts(inside) == []


def test_they_are_answered_where_they_wrote_from(inside: Business) -> None:
    change(Customer, preferred_channel="sms")
    answering()
    writes(inside, channel="whatsapp")
    assert (last().channel, last().recipient) == ("whatsapp", inside.customer_number)


def booked(owner: Business, at: datetime) -> None:
    commands.book(at, customer_id=owner.customer_id, starts_at=at + 2 * DAY, duration_minutes=30)


def test_what_answers_nothing_goes_by_the_channel_that_they_prefer(
    inside: Business, post: Mailboxes
) -> None:
    change(Customer, preferred_channel="email")
    rule("appointment_booked", do=[("send_text", {"text": "See <you> {{customer_name}}"})])
    booked(inside, THEN)
    look(THEN + SECOND)
    assert (last().channel, last().recipient) == ("email", "ann@salon.test")
    assert last().body.startswith("See <you> Ann")
    assert "See &lt;you&gt; Ann" in str(last().html)


def test_who_cannot_be_reached_fails_the_run_and_says_why(inside: Business) -> None:
    rule("appointment_booked", do=[("send_text", {"text": "See you"})])
    db.session.query(ContactPoint).delete()
    db.session.commit()
    booked(inside, THEN)
    look(THEN + SECOND)
    assert statuses() == ["failed"]
    assert "cannot be reached" in reason()


def test_who_said_stop_is_not_written_to_by_any_channel(inside: Business, post: Mailboxes) -> None:
    change(Customer, preferred_channel="sms")
    db.session.add(
        OptOut(tenant_id=inside.id, channel="sms", address=inside.customer_number, since=THEN)
    )
    db.session.commit()
    answering()
    rule("appointment_booked", do=[("send_text", {"text": "See you"})])
    booked(inside, THEN)
    writes(inside)
    assert statuses() == ["held_back", "held_back"]
    assert texts(inside) == []


@pytest.mark.parametrize("word", ["STOP", "stop.", "BAJA", "HELP", "Unsubscribe"])
def test_stop_words_are_answered_by_nobody(inside: Business, word: str) -> None:
    answering()
    writes(inside, word)
    assert statuses() == ["held_back"]
    assert texts(inside) == []


def test_who_may_have_asked_to_stop_hears_nothing_until_a_person_decided(inside: Business) -> None:
    body = "please stop texting me"
    assert keywords.asks_to_stop(body)
    answering()
    writes(inside, body)
    assert statuses() == ["held_back"]
    assert db.session.scalars(select(Conversation.stop_asked_id)).all() != [None]


def test_while_the_business_pauses_nothing_goes_out(inside: Business) -> None:
    change(Tenant, paused_at=THEN)
    answering()
    writes(inside)
    assert (statuses(), "paused" in reason()) == (["held_back"], True)


def test_an_answer_goes_out_at_night_too(inside: Business) -> None:
    answering()
    writes(inside, at=NIGHT)
    assert statuses() == ["done"]


def test_what_nobody_asked_for_waits_until_the_quiet_hours_are_over(inside: Business) -> None:
    rule("appointment_booked", do=[("note", {"text": "x"}), ("send_text", {"text": "See you"})])
    booked(inside, NIGHT)
    look(NIGHT + SECOND)
    assert (statuses(), texts(inside), runs()[0].done) == (["waiting"], [], [])
    look(MORNING - MINUTE)
    assert statuses() == ["waiting"]
    look(MORNING)
    assert (statuses(), texts(inside)) == (["done"], ["See you"])


def test_what_was_cancelled_in_the_night_is_not_said_in_the_morning(inside: Business) -> None:
    rule("appointment_booked", do=[("send_text", {"text": "See you"})])
    booked(inside, NIGHT)
    look(NIGHT + SECOND)
    query = select(Appointment.id).where(Appointment.booked_at == NIGHT)
    commands.cancel(db.session.scalars(query).one(), NIGHT + HOUR)
    look(MORNING)
    assert (statuses(), texts(inside)) == (["void"], [])


def test_who_was_answered_in_the_night_is_not_asked_for_patience_in_the_morning(
    inside: Business,
) -> None:
    rule(("nobody_answered", {"minutes": 30}), do=[("send_text", {"text": "One moment"})])
    writes(inside, at=NIGHT)
    look(NIGHT + 30 * MINUTE)
    assert statuses() == ["waiting"]
    world.say(inside, "Here we are", at=NIGHT + HOUR)
    look(MORNING)
    assert (statuses(), texts(inside)) == (["void"], [])


def test_an_answer_that_comes_too_late_is_not_given(inside: Business) -> None:
    answering()
    world.hear(inside, "Hello?", at=THEN)
    look(THEN + 2 * HOUR)
    assert (statuses(), reason()) == (["held_back"], "It would have come too late to be of use.")


def test_it_does_not_leave_the_outbox_later_than_it_is_of_use(inside: Business) -> None:
    answering()
    writes(inside)
    assert last().not_after == THEN + HOUR


def test_two_rules_that_would_both_text_are_one_text(inside: Business) -> None:
    answering()
    rule(do=[("send_text", {"text": "We are closed."})], name="Second")
    writes(inside)
    assert statuses() == ["done", "held_back"]
    assert reason() == "Held back by the rule “Price list”, less than a minute before."
    assert texts(inside) == ["A cut is 40."]


def test_the_same_text_goes_once_a_day(inside: Business) -> None:
    answering()
    for hours in (0, 2, 23, 25):
        writes(inside, f"Price? {hours}", at=THEN + hours * HOUR)
    assert statuses() == ["done", "held_back", "held_back", "done"]


def test_rules_text_a_customer_five_times_an_hour_at_most(inside: Business) -> None:
    made = answering("For you: {{customer_name}}")
    for minutes in range(7):
        change(Customer, first_name=f"Ann {minutes}")
        writes(inside, f"Price? {minutes}", at=THEN + 2 * minutes * MINUTE)
    assert statuses() == ["done"] * 5 + ["held_back"] * 2
    assert "5 texts within the last hour" in reason()
    assert db.session.get_one(AutomationRule, made).enabled


def test_who_writes_the_same_five_times_is_perhaps_a_program(inside: Business) -> None:
    answering("For you: {{customer_name}}")
    for minutes in range(5):
        change(Customer, first_name=f"Ann {minutes}")
        writes(inside, "I am not here", at=THEN + 15 * minutes * MINUTE)
    assert statuses() == ["done"] * 4 + ["held_back"]
    assert "perhaps a program" in reason()


def contains(word: str) -> tuple[str, dict[str, Any]]:
    return "words", {"how": "any", "words": [word]}


def emails(owner: Business, text: str, at: datetime, **headers: str) -> None:
    """Ann Lee writes an email, and the workers look a second later."""
    raw = written(text, **headers).as_bytes()
    with rules.outside():
        receive_email(owner.route, inbound_email.received("message/rfc822", raw), at)
    look(at + SECOND)


def test_an_email_is_answered_once_in_a_day_under_its_subject(
    inside: Business, post: Mailboxes
) -> None:
    for word, text in (("cut", "A cut is 40."), ("colour", "A colour is 80.")):
        rule("customer_wrote", contains(word), do=[("send_text", {"text": text})])
    emails(inside, "How much is a cut?", THEN)
    emails(inside, "And how much is a colour?", THEN + 2 * MINUTE)
    assert statuses() == ["done", "unmet", "unmet", "held_back"]
    assert (last().subject, last().recipient) == ("Re: A question", "ann@lee.example")
    assert "within a day" in reason()


def test_a_list_is_seen_by_rules_and_not_answered(inside: Business, post: Mailboxes) -> None:
    answering()
    rule(name="seen")
    emails(inside, "Our news", THEN, List_Id="<news.lee.example>")
    assert {run.rule_name: run.status for run in runs()} == {
        "Price list": "held_back",
        "seen": "done",
    }


def test_a_short_code_is_not_answered(inside: Business) -> None:
    answering()
    writes(inside, number="72975")
    assert statuses() == ["held_back"]


def test_the_answer_to_a_reply_counts_as_an_automatic_text(inside: Business) -> None:
    answering()
    id_ = world.say(inside, "See you on Thursday!", status=MessageStatus.QUEUED, at=THEN)
    token = {"client_token": f"{OURS}1"}
    db.session.execute(update(Message).where(Message.id == id_).values(**token))
    db.session.commit()
    writes(inside, at=THEN + SECOND)
    assert (statuses(), "the answer to their reply" in reason()) == (["held_back"], True)


def away() -> None:
    text = "We are back {{opens_at}}."
    rule("customer_wrote", ("hours", {"when": "outside"}), do=[("away_message", {"text": text})])


def test_an_away_message_goes_once_in_a_closed_period(inside: Business) -> None:
    rules.opens(inside, (9, 13))
    away()
    writes(inside)
    writes(inside, "Hello?", at=THEN + 2 * HOUR)
    writes(inside, "Hello?", at=THEN + 2 * DAY)
    assert statuses() == ["done", "held_back", "done"]
    assert texts(inside) == [
        "We are back tomorrow at 9:00 AM.",
        "We are back tomorrow at 9:00 AM.",
    ]


def test_an_away_message_that_was_held_back_can_still_be_said(inside: Business) -> None:
    rules.opens(inside, (9, 13))
    away()
    change(Tenant, paused_at=THEN)
    writes(inside)
    change(Tenant, paused_at=None)
    writes(inside, "Hello?", at=THEN + HOUR)
    assert statuses() == ["held_back", "done"]
    assert len(db.session.scalars(select(AwayMessage)).all()) == 1


@pytest.mark.parametrize("late", [2 * MINUTE, 10 * MINUTE])
def test_an_away_message_that_comes_late_is_not_said_once_it_opens(
    inside: Business, late: timedelta
) -> None:
    rules.opens(inside, (15, 17))
    away()
    opening = THEN + HOUR
    world.hear(inside, "Hello?", at=opening - 6 * MINUTE)
    look(opening - 6 * MINUTE + late)
    assert (statuses(), texts(inside)) == (["held_back"], [])


def test_an_away_message_is_not_said_while_it_is_open(inside: Business) -> None:
    rules.opens(inside, (9, 17))
    rule(do=[("away_message", {"text": "Closed."})])
    writes(inside)
    assert statuses() == ["held_back"]
    assert ON < THEN
