"""A business's hours in words: of the language, of the country, as of now."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from app.business_hours.hours_words import WORDS
from app.business_hours.opening_hours import Interval, OpeningHours
from app.business_hours.tell_hours import hours_variables
from app.extensions import db
from app.lib.text import segments
from app.lib.text.homoglyphs import gsm
from app.models import Customer, Tenant
from app.notifications.configure.template_check import check
from app.notifications.content.liquid import fill
from app.notifications.content.template_languages import LANGUAGES
from app.notifications.content.variables import values
from app.notifications.types.notification_type import (
    OF_AN_APPOINTMENT,
    OF_THE_HOURS,
    Kind,
    Text,
)
from app.tenancy import tenant_scope
from tests.business_hours.test_opening_hours import ALWAYS, NEW_YORK, SALON, there
from tests.support.world import Business


def told(at: str, language: str = "en", home: str = "en_US") -> dict[str, str]:
    return hours_variables(SALON, language, home, there(at))


def test_there_are_words_in_every_language_of_templates() -> None:
    assert WORDS.keys() == LANGUAGES.keys()


@pytest.mark.parametrize(
    ("at", "language", "home", "opens_at", "open_now"),
    [
        ("2026-11-18 10:00", "en", "en_US", "today at 1:00 PM", "open until 12:00 PM"),
        (
            "2026-11-18 19:00",
            "en",
            "en_US",
            "tomorrow at 9:00 AM",
            "closed, opens tomorrow at 9:00 AM",
        ),
        ("2026-11-22 19:00", "en", "en_GB", "tomorrow at 09:00", "closed, opens tomorrow at 09:00"),
        ("2026-11-21 23:00", "en", "en_US", "Monday at 9:00 AM", "open until 2:00 AM"),
        ("2026-11-18 10:00", "es", "es_ES", "hoy a las 13:00", "abierto hasta las 12:00"),
        ("2026-11-18 10:00", "es", "en_US", "hoy a la 1:00 p.m.", "abierto hasta las 12:00 p.m."),
        ("2026-11-21 23:00", "es", "es_ES", "el lunes a las 9:00", "abierto hasta las 2:00"),
        ("2026-11-22 12:00", "es", "es_ES", "mañana a las 9:00", "cerrado, abre mañana a las 9:00"),
    ],
)
def test_now_is_told_by_the_clock_on_the_wall_and_the_language(
    at: str, language: str, home: str, opens_at: str, open_now: str
) -> None:
    found = told(at, language, home)
    assert (found["opens_at"], found["open_now"]) == (opens_at, open_now)


def test_an_opening_beyond_a_week_has_its_date() -> None:
    later = OpeningHours(NEW_YORK, {}, {there("2026-12-07 12:00").date(): (Interval(540, 600),)})
    now = there("2026-11-30 09:00")
    assert hours_variables(later, "en", "en_US", now)["opens_at"] == "Mon, Dec 7 at 9:00 AM"
    assert hours_variables(later, "es", "es_ES", now)["opens_at"] == "el lun, 7 dic a las 9:00"
    week = hours_variables(later, "en", "en_US", there("2026-12-01 09:00"))
    assert week["opens_at"] == "Monday at 9:00 AM"


def test_the_day_is_the_businesss_and_not_ours() -> None:
    """In New York it is still Tuesday when it is Wednesday in Greenwich."""
    assert (
        hours_variables(SALON, "en", "en_US", datetime(2026, 11, 18, 1, tzinfo=UTC))["opens_at"]
        == "tomorrow at 9:00 AM"
    )


def test_what_closes_far_away_has_its_day() -> None:
    long = OpeningHours(NEW_YORK, {0: (Interval(0, 1440),), 1: (Interval(0, 1080),)})
    found = hours_variables(long, "en", "en_US", there("2026-11-23 09:00"))
    assert found["open_now"] == "open until tomorrow at 6:00 PM"
    assert found["opening_hours"] == "Mon 24 hours; Tue 12:00 AM-6:00 PM"


def test_the_week_is_told_with_days_that_are_alike_together() -> None:
    assert told("2026-11-18 10:00")["opening_hours"] == (
        "Mon-Fri 9:00 AM-12:00 PM, 1:00 PM-6:00 PM; Sat 10:00 PM-2:00 AM"
    )
    assert told("2026-11-18 10:00", "es", "es_ES")["opening_hours"] == (
        "lun-vie 9:00-12:00, 13:00-18:00; sáb 22:00-2:00"
    )


@pytest.mark.parametrize("language", sorted(LANGUAGES))
@pytest.mark.parametrize(
    "hours", [None, SALON, OpeningHours(NEW_YORK, {}), OpeningHours(NEW_YORK, ALWAYS)]
)
def test_every_variable_says_something_that_makes_no_text_dearer(
    language: str, hours: OpeningHours | None
) -> None:
    found = hours_variables(hours, language, "en_US", there("2026-11-21 19:00"))
    assert tuple(found) == OF_THE_HOURS
    assert all(found.values())
    assert segments.count(gsm(" ".join(found.values()))).encoding == "GSM-7"


def test_the_zone_is_the_businesss() -> None:
    berlin = OpeningHours(ZoneInfo("Europe/Berlin"), SALON.week)
    now = datetime(2026, 11, 18, 7, 30, tzinfo=UTC)
    assert hours_variables(berlin, "en", "en_GB", now)["opens_at"] == "today at 09:00"


# As an automation rule declares the text that it sends.
TEXT = Kind(
    key="rule",
    label="",
    order=1,
    help="",
    variables=(*OF_AN_APPOINTMENT, *OF_THE_HOURS),
    texts={"en": Text("", "")},
)


def test_a_text_may_name_the_hours_and_a_slip_is_told() -> None:
    assert check("We are {{open_now}}. Our hours: {{ opening_hours }}", TEXT) == []
    assert check("Back {{open_at}}", TEXT) == ["open_at is unknown: did you mean opens_at?"]


def test_a_text_is_filled_in_with_the_hours_as_of_now(salon: Business) -> None:
    with tenant_scope(salon.id):
        tenant = db.session.get_one(Tenant, salon.id)
        said = hours_variables(SALON, "es", tenant.locale, there("2026-11-22 12:00"))
        filled = values(TEXT, tenant, "es", Customer(first_name="Ana"), more=said)
    told = fill("{{customer_name}}, abrimos {{opens_at}}", filled, escape=False)
    assert told == "Ana, abrimos mañana a las 9:00 a.m."
