"""The templates that staff choose from outside WhatsApp's window, and what they filled in."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, NamedTuple

from sqlalchemy import select

from admin_views.posted import id_of
from app.lib.text.placeholders import gaps
from app.models import Customer, WhatsappTemplate
from app.outbox.compose.approved_template import Filled, fill
from app.prepared import Prepared, Question

FIELD = "variable_"
# More cannot be chosen from by a person, and would make every thread slow.
MOST = 100


class Approved(NamedTuple):
    """As the columns of WhatsappTemplate."""

    id: int
    name: str
    language: str
    body: str

    @property
    def variables(self) -> list[str]:
        return gaps(self.body)


_APPROVED = Prepared(
    Approved,
    select(*(getattr(WhatsappTemplate, name) for name in Approved._fields))
    .where(WhatsappTemplate.refused == "", WhatsappTemplate.channel == "whatsapp")
    .order_by(WhatsappTemplate.name)
    .limit(MOST),
)


@dataclass(frozen=True)
class Offer:
    template: Approved
    values: dict[str, str]
    """What stands in its gaps until staff write something else."""


def offers(customer: Customer) -> Question[list[Offer]]:
    """The tenant's templates, those in the customer's language first."""
    return _APPROVED.question(lambda found: _ordered(found, customer))


def _ordered(templates: list[Approved], customer: Customer) -> list[Offer]:
    spoken = customer.language or ""
    ordered = sorted(templates, key=lambda each: not _is(each.language, spoken))
    return [Offer(template, {"1": customer.first_name}) for template in ordered]


def _is(language: str, spoken: str) -> bool:
    return language.partition("_")[0] == spoken.replace("-", "_").partition("_")[0]


def picked(values: Mapping[str, Any]) -> Filled | None:
    """The template that a form or a JSON object names, with its gaps filled; None: it names none.

    Raises Refused.
    """
    named = str(values.get("template_id") or "")
    if not named:
        return None
    # No template has the id 0.
    return fill(id_of(named) or 0, _filling(values))


def _filling(values: Mapping[str, Any]) -> dict[str, str]:
    given = values.get("variables")
    if isinstance(given, dict):
        return {str(gap): str(value) for gap, value in given.items()}
    fields = {key: value for key, value in values.items() if key.startswith(FIELD)}
    return {key.removeprefix(FIELD): str(value) for key, value in fields.items()}
