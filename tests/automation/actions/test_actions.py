"""What rules do, each thing once, and what they say of it."""

import json
from datetime import timedelta
from typing import Any

import pytest
from flask import current_app
from sqlalchemy import delete, select, update

from app import live
from app.emails import queue
from app.extensions import db
from app.models import (
    AutomationEvent,
    AutomationRule,
    Conversation,
    ConversationLabel,
    Label,
    Note,
    Notification,
    Tenant,
    User,
    UserEmail,
    WebhookDelivery,
    WebhookEndpoint,
)
from app.tenancy import tenant_scope
from tests.automation import rules
from tests.automation.rules import (
    HOUR,
    MINUTE,
    SECOND,
    THEN,
    look,
    rule,
    runs,
    statuses,
    texts,
    writes,
)
from tests.support.mailboxes import Mailboxes
from tests.support.world import Business


def did(owner: Business, *actions: Any) -> list[str]:
    """What a rule says that it did, about a message that comes now."""
    rule(do=actions, name="Sorter")
    writes(owner)
    (run,) = runs()
    assert run.status == "done", run.reason
    return run.done


def talk(owner: Business) -> Conversation:
    query = select(Conversation).where(Conversation.customer_id == owner.customer_id)
    return db.session.scalars(query).one()


def user(email: str) -> str:
    return str(db.session.scalars(select(User.id).where(User.email == email)).one())


def labelled(owner: Business) -> set[str]:
    """By whom which labels were added: of the rules alone."""
    query = select(Label.name).join(ConversationLabel, ConversationLabel.label_id == Label.id)
    return set(db.session.scalars(query.where(ConversationLabel.rule_name == "Sorter")))


def test_a_label_is_added_once(inside: Business) -> None:
    add = ("add_label", {"label": rules.label()})
    assert did(inside, add, add) == ["Added the label Quote.", "The label Quote was there already."]
    assert labelled(inside) == {"Quote"}


def test_a_label_is_removed(inside: Business) -> None:
    quote = {"label": rules.label()}
    add, remove = ("add_label", quote), ("remove_label", quote)
    assert did(inside, add, remove, remove)[1:] == [
        "Removed the label Quote.",
        "The label Quote was not there.",
    ]
    assert labelled(inside) == set()


def test_it_is_assigned(inside: Business) -> None:
    somebody = user(inside.staff)
    assign = ("assign", {"user": somebody})
    assert did(inside, assign, assign, ("assign", {"user": "nobody"}), assign) == [
        "Assigned it to Staff.",
        "It was assigned to Staff already.",
        "Assigned it to nobody.",
        "Assigned it to Staff.",
    ]
    assert str(talk(inside).assignee_id) == somebody


@pytest.mark.parametrize("whose", ["garage", "disabled"])
def test_a_rule_for_somebody_who_is_not_there_turns_itself_off(
    inside: Business, garage: Business, whose: str
) -> None:
    if whose == "garage":
        with rules.outside(), tenant_scope(garage.id):
            somebody = user(garage.staff)
    else:
        somebody = user(inside.staff)
        db.session.execute(update(User).where(User.id == int(somebody)).values(active=False))
        db.session.commit()
    made = rule(do=[("assign", {"user": somebody})])
    writes(inside)
    assert statuses() == ["failed"]
    off = db.session.get_one(AutomationRule, made)
    assert off.off_reason == "The person that it names is gone."


def test_a_note_is_written_for_the_team_alone(inside: Business) -> None:
    assert did(inside, ("note", {"text": "<b>Call</b> them"})) == ["Wrote a note."]
    note = db.session.scalars(select(Note).where(Note.rule_name == "Sorter")).one()
    assert (note.body, note.customer_id) == ("<b>Call</b> them", inside.customer_id)
    assert texts(inside) == []


def test_it_is_closed_opened_and_snoozed(inside: Business) -> None:
    assert did(inside, "close", "close", "open", "open", ("snooze", {"hours": 3})) == [
        "Closed the conversation.",
        "The conversation was closed already, or it is undecided whether they want no more"
        " messages.",
        "Opened the conversation.",
        "The conversation was open already.",
        "Snoozed the conversation for 3 hours.",
    ]
    assert talk(inside).snoozed_until == THEN + SECOND + timedelta(hours=3)


def test_the_team_is_told_in_the_inbox_and_by_a_note(
    inside: Business, monkeypatch: pytest.MonkeyPatch
) -> None:
    said: list[tuple[int, int | str]] = []
    monkeypatch.setattr(live, "publish", lambda tenant, changed: said.append((tenant, changed)))
    assert did(inside, ("notify_staff", {"text": "A price was asked."})) == ["Told the team."]
    assert (inside.id, f"look-{inside.customer_id}") in said
    assert db.session.scalars(select(Note.body).where(Note.rule_name == "Sorter")).one()


def emails() -> list[UserEmail]:
    query = select(UserEmail).where(UserEmail.kind == "rule_notice").order_by(UserEmail.id)
    return list(db.session.scalars(query))


def test_somebody_gets_an_email_at_most_once_an_hour_for_a_conversation(
    inside: Business, garage: Business, post: Mailboxes
) -> None:
    write = ("email_staff", {"user": user(inside.staff), "text": "Look, $customer ${name}"})
    assert did(inside, write) == ["Sent an email to Staff."]
    writes(inside, "And?", at=THEN + MINUTE)
    assert runs()[-1].done == [
        "Sent no email to Staff: they got one within the hour, or too many today."
    ]
    writes(inside, "And?", at=THEN + 2 * HOUR)
    assert len(emails()) == 2
    assert emails()[0].values["text"] == "Look, $customer ${name}"


def test_a_crowd_of_strangers_does_not_flood_a_user(
    inside: Business, garage: Business, post: Mailboxes, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(queue, "MOST_TO_A_USER", 1)
    assert did(inside, ("email_staff", {"user": "admins"})) == ["Sent an email to all admins."]
    writes(inside, "And?", at=THEN + 2 * HOUR)
    assert runs()[-1].done[0].startswith("Sent no email to all admins")
    assert len(emails()) == 1


def test_all_admins_get_one_and_nobody_else(
    inside: Business, garage: Business, post: Mailboxes
) -> None:
    assert did(inside, ("email_staff", {"user": "admins"})) == ["Sent an email to all admins."]
    assert [str(email.user_id) for email in emails()] == [user(inside.admin)]


def test_without_a_mail_server_it_says_so(inside: Business) -> None:
    rule(do=[("note", {"text": "seen"}), ("email_staff", {"user": "admins"})])
    writes(inside)
    assert statuses() == ["failed"]
    assert "no mail server" in runs()[0].reason
    assert current_app.extensions["settings"].mail_server is None


def endpoint(**columns: Any) -> str:
    made = db.session.scalars(select(WebhookEndpoint)).one()
    for name, value in columns.items():
        setattr(made, name, value)
    db.session.commit()
    return str(made.id)


def test_a_webhook_is_called_in_the_same_transaction(inside: Business) -> None:
    assert did(inside, ("webhook", {"endpoint": endpoint()})) == ["Told the webhook."]
    (run,) = runs()
    query = select(WebhookDelivery).where(WebhookDelivery.webhook_id == f"run_{run.id}")
    told = json.loads(db.session.scalars(query).one().payload)
    assert told["type"] == "rule.matched"
    assert told["data"]["rule_id"] == str(run.rule_id)
    assert "price" not in json.dumps(told)


def test_a_webhook_that_is_turned_off_is_not_called_and_the_rest_not_done(
    inside: Business,
) -> None:
    there = endpoint(disabled_at=THEN, disabled_reason="Turned off by hand.")
    rule(do=[("note", {"text": "seen"}), ("webhook", {"endpoint": there})])
    writes(inside)
    assert [(run.status, run.reason) for run in runs()] == [
        ("failed", "The webhook was turned off.")
    ]


def test_an_endpoint_hears_of_each_event_once(inside: Business) -> None:
    endpoint(event_types=["message.received"])
    writes(inside)
    look(THEN + MINUTE)
    event = db.session.scalars(select(AutomationEvent).where(AutomationEvent.at == THEN)).one()
    told = select(WebhookDelivery.type).where(WebhookDelivery.webhook_id == f"evt_{event.id}")
    assert db.session.scalars(told).all() == ["message.received"]


def test_a_review_is_asked_for_by_the_limits_that_there_are(inside: Business) -> None:
    db.session.execute(delete(Notification))
    db.session.execute(update(Tenant).values(paused_at=None))
    db.session.commit()
    rule(do=["review"])
    writes(inside)
    writes(inside, "And?", at=THEN + MINUTE)
    asked = db.session.scalars(select(Notification).where(Notification.type == "review_request"))
    assert len(asked.all()) == statuses().count("done") <= 1
    assert statuses()[1] == "held_back"
