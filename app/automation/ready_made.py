"""The rules that a new business finds, turned off: to be looked at, changed and turned on.

None texts whoever called in vain: the missed-call follow-up does, and two texts would be one too
many.
"""

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from sqlalchemy import func, select

from app.automation.rule_part import Options
from app.extensions import db
from app.models import AutomationRule, Label
from app.models.label import Colour
from app.notifications.content.template_languages import known

AWAY = {
    "en": "Thank you for your message. We are closed now and answer you once we are open again:"
    " {{opens_at}}. {{business_name}}",
    "es": "Gracias por tu mensaje. Ahora estamos cerrados y te responderemos cuando volvamos a"
    " abrir: {{opens_at}}. {{business_name}}",
}
PRICE = {
    "en": "Hi {{customer_name}}, thank you for asking. One of us sends you our prices in a moment."
    " {{business_name}}",
    "es": "Hola {{customer_name}}, gracias por preguntar. En un momento te enviamos nuestros"
    " precios. {{business_name}}",
}
PRICE_WORDS = ["price", "prices", "cost", "costs", "how much", "precio", "precios", "cuánto cuesta"]


def make(locale: str, now: datetime) -> None:
    """Add them below what there is, in the caller's transaction, for the tenant in scope; their
    texts in the locale's language."""
    below = db.session.scalar(select(func.max(AutomationRule.position))) or 0
    for position, rule in enumerate(_rules(known(locale)), start=below + 1):
        rule.position, rule.trigger_options = position, {}
        rule.created_at = rule.updated_at = now
        db.session.add(rule)
    db.session.flush()


def _rules(own: str) -> Iterator[AutomationRule]:
    yield AutomationRule(
        name="Away message",
        trigger="customer_wrote",
        conditions=[_part("hours", when="outside")],
        actions=[_part("away_message", **_texts(AWAY, own))],
    )
    yield AutomationRule(
        name="Missed call",
        trigger="call_missed",
        actions=[
            _part("add_label", label=_label("Missed call", Colour.ORANGE)),
            _part("notify_staff", text="Nobody took this call. Call back."),
        ],
    )
    yield AutomationRule(
        name="Price question",
        trigger="customer_wrote",
        conditions=[_part("words", how="any", words=PRICE_WORDS)],
        actions=[
            _part("add_label", label=_label("Price", Colour.TEAL)),
            _part("send_text", **_texts(PRICE, own)),
        ],
    )
    yield AutomationRule(
        name="New customer",
        trigger="first_message",
        actions=[_part("add_label", label=_label("New customer", Colour.GREEN))],
    )


def _part(key: str, **options: Any) -> dict[str, str | Options]:
    return {"key": key, "options": options}


def _texts(texts: dict[str, str], own: str) -> Options:
    """The business's language first, the others for those who speak them."""
    others = {f"text_{key}": text for key, text in texts.items() if key != own}
    return {"text": texts[own], **others}


def _label(name: str, colour: Colour) -> str:
    """The id of the label of that name, made where there is none."""
    known_id = db.session.scalar(select(Label.id).where(func.lower(Label.name) == name.lower()))
    if known_id is None:
        label = Label(name=name, colour=colour)
        db.session.add(label)
        db.session.flush()
        known_id = label.id
    return str(known_id)
