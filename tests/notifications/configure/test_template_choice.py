"""Outside WhatsApp's 24 hours an approved template goes in the place of the tenant's text."""

from dataclasses import dataclass, field
from datetime import timedelta

import pytest
from sqlalchemy import delete, select
from sqlalchemy.exc import IntegrityError

from app.extensions import db
from app.models import Customer, Message, MessageTemplate, Tenant, WhatsappTemplate
from app.notifications.dispatch import dispatch
from app.tenancy import tenant_scope
from tests.support.diary import at, book
from tests.support.world import CONTENT, Business, hear

EVE, START = "2026-11-19 10:00", "2026-11-20 10:00"
SPANISH = "HX" + "e" * 32
SIDS = {"en": CONTENT, "es": SPANISH}
WHOLE = {"1": "customer_name", "2": "appointment_time"}
# The variables of the gaps, by the language of the tenant's text.
ENGLISH, BOTH = {"en": WHOLE}, {"en": WHOLE, "es": WHOLE}
APPROVED = ("whatsapp", "Hi Ann, see you 10:00 AM.", CONTENT)
FREE = ("whatsapp", "Ours", None)
INSTEAD = ("sms", "Ours by SMS", None)


@dataclass(frozen=True)
class Case:
    came: tuple[str, str, str | None]
    """The channel, the text and the template's name at Twilio."""
    gaps: dict[str, dict[str, str]] = field(default_factory=lambda: ENGLISH)
    wrote: timedelta | None = None
    """How long before by WhatsApp; None: never."""
    name: str = "Ann"
    speaks: str | None = None
    business: str = "Bella's"
    falls_back: bool = False


CASES = {
    "open": Case(FREE, wrote=timedelta(hours=23)),
    "closed": Case(APPROVED, wrote=timedelta(hours=25)),
    "never wrote": Case(APPROVED),
    "rather than an SMS": Case(APPROVED, falls_back=True),
    "none is set": Case(INSTEAD, gaps={}),
    "none is set, and it falls back": Case(INSTEAD, gaps={}, falls_back=True),
    "the customer's language": Case(
        ("whatsapp", "Ann: 10:00 a.m.", SPANISH), gaps=BOTH, speaks="es-MX"
    ),
    "the business's language": Case(APPROVED, speaks="es"),
    "another language": Case(INSTEAD, gaps={"es": WHOLE}),
    "the template has a gap more by now": Case(INSTEAD, gaps={"en": {"1": "customer_name"}}),
    "a value without line breaks": Case(
        ("whatsapp", "Hi Ann Lee, see you 10:00 AM.", CONTENT), name="Ann\n\t Lee"
    ),
    "a value that is empty": Case(
        INSTEAD, gaps={"en": WHOLE | {"2": "business_name"}}, business=" "
    ),
}


def prepare(owner: Business, case: Case) -> None:
    """The customer wants WhatsApp; the business has texts by it in two languages."""
    with tenant_scope(owner.id):
        tenant = db.session.get_one(Tenant, owner.id)
        tenant.name, tenant.whatsapp_falls_back = case.business, case.falls_back
        customer = db.session.get_one(Customer, owner.customer_id)
        customer.preferred_channel = "whatsapp"
        customer.first_name, customer.language = case.name, case.speaks
        db.session.add(
            WhatsappTemplate(name="es", language="es", content_sid=SPANISH, body="{{1}}: {{2}}")
        )
        db.session.execute(
            delete(MessageTemplate).where(MessageTemplate.type == "appointment_reminder")
        )
        add("sms", "en", "Ours by SMS")
        for language, body in (("en", "Ours"), ("es", "Nuestro")):
            add("whatsapp", language, body, case.gaps.get(language))
        db.session.commit()
    db.session.remove()


def add(channel: str, language: str, body: str, gaps: dict[str, str] | None = None) -> None:
    query = select(WhatsappTemplate.id).where(WhatsappTemplate.content_sid == SIDS[language])
    db.session.add(
        MessageTemplate(
            type="appointment_reminder",
            channel=channel,
            language=language,
            body=body,
            approved_id=db.session.scalars(query).one() if gaps else None,
            gaps=gaps or {},
        )
    )


def sent(owner: Business) -> Message:
    """The reminder, as it waits in the outbox."""
    query = select(Message).where(Message.client_token.like("notification-%"))
    with tenant_scope(owner.id):
        return db.session.scalars(query).one()


@pytest.mark.parametrize("case", CASES.values(), ids=CASES)
def test_what_goes_by_whatsapp_inside_and_outside_its_window(
    case: Case, salon: Business, garage: Business
) -> None:
    prepare(salon, case)
    if case.wrote:
        hear(salon, "Hello", channel="whatsapp", at=at(EVE) - case.wrote)
    book(salon, START, now="2026-11-10 12:00", announce=False)
    dispatch(at(EVE))
    message = sent(salon)
    said = message.body.replace("\u202f", " ").replace("\xa0", " ")
    assert (message.channel, said, message.content_sid) == case.came
    filled = message.content_variables
    assert (filled is not None) == (message.content_sid is not None)
    assert not filled or all(value and "\n" not in value for value in filled.values())


def test_a_template_that_is_deleted_stands_in_no_more_and_a_strangers_never_does(
    salon: Business, garage: Business
) -> None:
    prepare(salon, CASES["closed"])
    with tenant_scope(garage.id):
        theirs = db.session.scalars(select(WhatsappTemplate.id)).one()
    db.session.remove()
    with tenant_scope(salon.id):
        text = db.session.scalars(select(MessageTemplate).filter_by(body="Ours")).one()
        text.approved_id = theirs
        with pytest.raises(IntegrityError):
            db.session.commit()
        db.session.rollback()
        db.session.execute(delete(WhatsappTemplate).where(WhatsappTemplate.content_sid == CONTENT))
        db.session.commit()
        db.session.refresh(text)
        assert (text.approved_id, text.goes_any_time, text.type) == (
            None,
            False,
            "appointment_reminder",
        )
    book(salon, START, now="2026-11-10 12:00", announce=False)
    dispatch(at(EVE))
    assert sent(salon).channel == "sms"
