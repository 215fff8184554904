"""What a text costs on the day on which it costs most."""

from collections.abc import Mapping
from datetime import UTC, datetime

import pytest

from app.channels import CHANNELS
from app.models import Appointment, Customer, MessageTemplate, Tenant
from app.notifications.content.variables import values
from app.notifications.forecast.dearest import Dearest, dearest
from app.notifications.types import TYPES

NOW = datetime(2026, 11, 18, 17, 0, tzinfo=UTC)
THURSDAY = datetime(2026, 11, 19, 9, 0, tzinfo=UTC)
REMINDER = TYPES["appointment_reminder"]
# With a date in it more than 70 characters, and less than 160.
TEXT = "Le recordamos su cita del {{appointment_date}}, en nuestro salón de siempre, calle Mayor"


def tenant(*, plain: bool, locale: str = "es_ES") -> Tenant:
    zone = "Europe/Madrid"
    return Tenant(name="Bella", locale=locale, timezone=zone, plain_characters=plain)


def found(owner: Tenant, body: str, language: str, channel: str = "sms") -> Dearest | None:
    told: Mapping[str, str] = values(
        REMINDER, owner, language, Customer(first_name="Ana"), Appointment(starts_at=THURSDAY)
    )
    text = MessageTemplate(body=body, subject="", language=language)
    return dearest(text, told, CHANNELS[channel], owner, NOW)


def test_a_saturday_makes_a_spanish_text_dearer() -> None:
    plain_body = TEXT.replace("ó", "o")
    most = found(tenant(plain=False), plain_body, "es")
    assert most and (most.cost.segments, most.cost.encoding) == (2, "UCS-2")
    assert str(most).startswith("On the dearest day (sáb, ")


def test_with_plain_characters_no_day_does() -> None:
    assert found(tenant(plain=True), TEXT.replace("ó", "o"), "es") is None


@pytest.mark.parametrize("plain", [True, False])
def test_a_longer_day_may_need_another_segment(plain: bool) -> None:
    body = "{{appointment_date}}".rjust(20 + 160 - len("Thu, Nov 19"), "x")
    most = found(tenant(plain=plain, locale="en_US"), body, "en")
    assert most is None, "no day is longer"
    most = found(tenant(plain=plain, locale="en_GB"), "x" + body, "en")
    assert most and most.cost.segments == 2 and most.when.endswith("Sept")


def test_what_has_no_date_or_is_not_billed_by_segment_has_no_dearest_day() -> None:
    assert found(tenant(plain=False), "Hola", "es") is None
    assert found(tenant(plain=False), TEXT, "es", "whatsapp") is None
