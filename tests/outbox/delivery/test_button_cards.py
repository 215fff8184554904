"""Reminders that go by RCS have buttons, in a template at Twilio that is made once for a shape."""

import pytest
from sqlalchemy import delete, select, update

from app.extensions import db
from app.lib.time.clock import now
from app.models import Appointment, ButtonCard, Message, Tenant
from app.notifications.configure.foreseen_cards import foresee
from app.notifications.dispatch import dispatch
from app.outbox.delivery.button_cards import filled
from app.outbox.delivery.make_cards import make_due
from app.outbox.drain import drain
from app.tenancy import tenant_scope
from tests.replies.test_replies import BOOKED, EVE, START
from tests.support.carrier import Carrier
from tests.support.diary import at, book, left
from tests.support.rcs import at_twilio, granted, has_rcs, on_the_telephone, tenant
from tests.support.world import Business


@pytest.fixture
def with_rcs(twilio: Carrier, salon: Business, garage: Business) -> Business:
    at_twilio(twilio, salon)
    granted(salon)
    has_rcs(twilio, salon.customer_number)
    with tenant_scope(salon.id):
        db.session.execute(delete(Appointment))
        rings = {"forward_calls_to": "+14155550101"}
        db.session.execute(update(Tenant).where(Tenant.id == salon.id).values(**rings))
        db.session.commit()
    return salon


def remind(business: Business) -> None:
    """Its reminder is due, and leaves."""
    book(business, START, now=BOOKED)
    dispatch(at(BOOKED))
    left(business)
    dispatch(at(EVE))
    drain(at(EVE))


def cards(business: Business) -> list[ButtonCard]:
    with tenant_scope(business.id):
        db.session.rollback()
        return list(db.session.scalars(select(ButtonCard).order_by(ButtonCard.id)))


def test_the_first_reminder_has_its_buttons_by_rcs_and_its_text_by_sms(
    twilio: Carrier, with_rcs: Business, garage: Business
) -> None:
    foresee(now())
    assert make_due(now()) == len(cards(with_rcs)) > 0
    remind(with_rcs)
    [told] = on_the_telephone(twilio, with_rcs.customer_number)
    assert [each["title"] for each in told["actions"]] == ["Confirm", "I can't come", "Call us"]
    ids = [each["id"].split(":") for each in told["actions"]]
    assert [each[0] for each in ids] == ["confirm", "cancel", "click"]
    assert len({each[-1] for each in ids}) == 1, "each names the same reminder"
    with tenant_scope(with_rcs.id):
        query = select(Message.body).where(Message.service_sid.is_not(None))
        assert told["body"] == told["fallback_body"] == db.session.scalars(query).one()
    assert cards(garage) == []


def test_a_shape_that_is_not_made_yet_goes_without_and_is_made_for_the_next(
    twilio: Carrier, with_rcs: Business
) -> None:
    remind(with_rcs)
    [told] = on_the_telephone(twilio, with_rcs.customer_number)
    assert told["actions"] == [] and told["body"]
    [card] = cards(with_rcs)
    assert card.content_sid is None
    make_due(now())
    assert cards(with_rcs)[0].content_sid


def test_a_template_that_is_gone_at_twilio_costs_the_buttons_and_not_the_reminder(
    twilio: Carrier, with_rcs: Business
) -> None:
    foresee(now())
    make_due(now())
    with tenant_scope(with_rcs.id):
        gone = update(ButtonCard).values(content_sid="HX" + "e" * 32)
        db.session.execute(gone.execution_options(synchronize_session=False))
        db.session.commit()
    remind(with_rcs)
    [told] = on_the_telephone(twilio, with_rcs.customer_number)
    assert told["body"] and told["actions"] == []
    assert [each.content_sid for each in cards(with_rcs)] == [None], "it is made anew"


def test_each_line_of_a_text_is_a_value_and_what_stands_between_is_the_template(
    with_rcs: Business,
) -> None:
    business = tenant(with_rcs)
    text = "Hi Ann\n\nTomorrow at 10:\t  O'Hara {{1}}     bye"
    card = filled(text, "en", business, "me")
    assert card
    body = card.definition["types"]["twilio/text"]["body"]
    assert body == card.definition["types"]["twilio/card"]["body"]
    for name, value in card.variables.items():
        assert "\n" not in value and "\t" not in value and "    " not in value
        body = body.replace(f"{{{{{name}}}}}", value, 1)
    assert body == text
    other = filled("Hi Bob\n\nToday at 9:\t  O'Hara you     see", "en", business, "you")
    assert other and other.digest == card.digest, "the same shape is one template"
    spanish = filled(text, "es", business, "me")
    assert spanish and spanish.digest != card.digest


def test_what_twilio_refuses_is_not_asked_for_again(twilio: Carrier, with_rcs: Business) -> None:
    foresee(now())
    with tenant_scope(with_rcs.id):
        bad = update(ButtonCard).values(definition={"types": {}})
        db.session.execute(bad.execution_options(synchronize_session=False))
        db.session.commit()
    make_due(now())
    assert {(each.content_sid, each.ask_after) for each in cards(with_rcs)} == {(None, None)}
    assert make_due(now()) == 0
