"""Whose text is taken, in which language, and what stands in its gaps."""

from datetime import UTC, datetime
from decimal import Decimal

import pytest

from app.channels import CHANNELS
from app.extensions import db
from app.lib.text import segments
from app.lib.time.locales import locale_of, locales
from app.models import Appointment, Customer, MessageTemplate, Service, StaffMember, Tenant
from app.notifications.content.cost import cost
from app.notifications.content.liquid import fill
from app.notifications.content.template_languages import LANGUAGES, known
from app.notifications.content.templates import KINDS, template_for
from app.notifications.content.variables import values
from app.notifications.content.wording import filled
from app.notifications.types import TYPES
from app.tenancy import tenant_scope
from tests.support.queries import statements
from tests.support.world import Business

REMINDER, SMS = TYPES["appointment_reminder"], CHANNELS["sms"]
# A quarter past two in the afternoon in New York, a quarter past eight in the evening in Berlin.
AFTERNOON = datetime(2026, 11, 19, 19, 15, tzinfo=UTC)


def tenant(locale: str = "en_US", timezone: str = "America/New_York", **more: object) -> Tenant:
    return Tenant(name="Bella's", locale=locale, timezone=timezone, currency="USD", **more)


def appointment(*, named: bool = True) -> Appointment:
    return Appointment(
        starts_at=AFTERNOON,
        service=Service(name="Cut") if named else None,
        staff_member=StaffMember(name="Sofia") if named else None,
    )


@pytest.mark.parametrize(
    ("language", "locale", "timezone", "date", "clock"),
    [
        ("en", "en_US", "America/New_York", "Thu, Nov 19", "2:15 PM"),
        ("es", "en_US", "America/New_York", "jue, 19 de nov", "2:15 p.m."),
        ("es", "es_AR", "America/New_York", "jue, 19 nov", "2:15 p. m."),
        ("en", "en_GB", "Europe/London", "Thu 19 Nov", "19:15"),
        ("en", "en_DE", "Europe/Berlin", "Thu, 19 Nov", "20:15"),
        # There is no Spanish of Germany: plain Spanish it is.
        ("es", "en_DE", "Europe/Berlin", "jue, 19 nov", "20:15"),
        # It is tomorrow there.
        ("en", "en_NZ", "Pacific/Auckland", "Fri, 20 Nov", "8:15 AM"),
    ],
)
def test_a_time_is_the_walls_in_the_language_and_country(
    language: str, locale: str, timezone: str, date: str, clock: str
) -> None:
    customer = Customer(first_name="Ann")
    told = values(REMINDER, tenant(locale, timezone), language, customer, appointment())
    assert (told["appointment_date"], told["appointment_time"].lower()) == (date, clock.lower())
    assert told["service_name"] == "Cut" and told["staff_name"] == "Sofia"


@pytest.mark.parametrize("name", ["", " ", "\u2800", "\u2060", "\u3164"])
def test_a_name_that_shows_nothing_is_greeted_as_nobody_in_particular(name: str) -> None:
    # As it may stand there from before.
    customer = Customer()
    customer.__dict__["first_name"] = name
    assert values(REMINDER, tenant(), "en", customer, appointment())["customer_name"] == "there"


def test_no_time_in_any_country_makes_a_text_dearer_by_an_odd_blank() -> None:
    for locale in locales(tuple(LANGUAGES)):
        told = values(REMINDER, tenant(locale), locale[:2], Customer(first_name=""), appointment())
        assert segments.count(" ".join(told.values())).encoding == "GSM-7", told


@pytest.mark.parametrize("key", KINDS)
def test_the_default_texts_say_something_whole_in_every_language(key: str) -> None:
    kind = KINDS[key]
    assert kind.texts.keys() == LANGUAGES.keys()
    for language, text in kind.texts.items():
        for about in (None, appointment(named=False), appointment()):
            told = values(
                kind, tenant(), language, Customer(first_name=" "), about, "https://r.example/x"
            )
            assert told.keys() == set(kind.variables)
            said = fill(text.body, told, escape=False)
            assert "{" not in said and fill(text.subject, told, escape=False)
            # A single á would make it three segments.
            counted = segments.count(said)
            assert (counted.encoding, counted.count <= 2) == ("GSM-7", True), said


@pytest.mark.parametrize(
    ("speaks", "locale", "rows", "said"),
    [
        ("es-MX", "en_US", {"es": "Nuestro", "en": "Ours"}, ("Nuestro", "es")),
        ("ES", "en_US", {"en": "Ours"}, ("Ours", "en")),
        (None, "es_US", {"es": "Nuestro", "en": "Ours"}, ("Nuestro", "es")),
        ("fr", "es_US", {"es": "Nuestro", "en": "Ours"}, ("Nuestro", "es")),
        ("es", "en_US", {}, (REMINDER.texts["es"].body, "es")),
        ("fr", "es_MX", {"en": "Ours"}, (REMINDER.texts["es"].body, "es")),
        ("", "en_US", {}, (REMINDER.texts["en"].body, "en")),
    ],
)
def test_the_tenants_text_comes_before_ours_and_the_customers_language_before_its_own(
    speaks: str | None,
    locale: str,
    rows: dict[str, str],
    said: tuple[str, str],
    salon: Business,
    garage: Business,
) -> None:
    for owner, texts in ((salon, rows), (garage, {"en": "Theirs", "es": "Suyo"})):
        with tenant_scope(owner.id):
            for template in db.session.scalars(db.select(MessageTemplate)):
                db.session.delete(template)
            db.session.flush()
            for language, body in texts.items():
                db.session.add(
                    MessageTemplate(type=REMINDER.key, channel="sms", language=language, body=body)
                )
            db.session.commit()
        db.session.remove()
    with tenant_scope(salon.id), statements() as asked:
        found = template_for(REMINDER, SMS, speaks, tenant(locale))
    assert (found.body, found.language) == said
    assert len(asked) == 1


@pytest.mark.parametrize(
    ("price", "body", "told"),
    [
        (None, "x", "1 segment"),
        (Decimal("0.0079"), "x" * 161, "2 segments · about $0.016"),
        (Decimal("0.5"), "ñ", "1 segment · about $0.50"),
        # The tenant lets its curly quote become a plain one.
        (None, "’" * 70 + "x" * 90, "1 segment"),
    ],
)
def test_a_text_costs(price: Decimal | None, body: str, told: str) -> None:
    business = tenant(segment_price=price, plain_characters=True)
    assert str(cost(body, SMS, business)) == told
    assert str(cost(body, CHANNELS["email"], business)) == ""


def test_languages_and_countries_are_known_by_their_tags() -> None:
    tags = ("es", "es-MX", "en_GB", "ES", "fr", "", None)
    assert [known(tag) for tag in tags] == ["es", "es", "en", "es", "en", "en", "en"]
    countries = ("US", "MX", "GB", "DE", "CN", "PR")
    spoken = [locale_of(country, LANGUAGES) for country in countries]
    assert spoken == ["en_US", "es_MX", "en_GB", "en_DE", "en_US", "es_PR"]


@pytest.mark.parametrize(
    ("plain", "encoding", "day"), [(True, "GSM-7", "sab,"), (False, "UCS-2", "sáb,")]
)
def test_a_reminder_for_a_saturday_costs_what_others_do(
    plain: bool, encoding: str, day: str
) -> None:
    owner = tenant("es_ES", "Europe/Madrid", plain_characters=plain)
    saturday = Appointment(starts_at=datetime(2026, 11, 21, 9, 0, tzinfo=UTC))
    told = values(REMINDER, owner, "es", Customer(first_name="Ana"), saturday)
    text = MessageTemplate(body="{{appointment_date}}", subject="", language="es")
    body = filled(text, told, SMS, owner).body
    assert body.startswith(day)
    assert segments.count(body).encoding == encoding
