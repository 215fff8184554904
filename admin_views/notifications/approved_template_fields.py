"""The approved templates that the editor offers, and what was chosen of them."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import select

from admin_views.posted import id_of
from app.extensions import db
from app.models import MessageTemplate, WhatsappTemplate
from app.notifications.configure.template_choice import TemplateChoice
from app.notifications.configure.template_edit import Wrong

FIELD = "gap_"
# More cannot be chosen from by a person.
MOST = 100


def offers(template: MessageTemplate) -> list[WhatsappTemplate]:
    """The tenant's approved templates, those in the language of its text first."""
    query = select(WhatsappTemplate).where(WhatsappTemplate.channel == template.channel)
    found = list(db.session.scalars(query.order_by(WhatsappTemplate.name).limit(MOST)))
    if template.approved and template.approved not in found:
        found.append(template.approved)
    return sorted(found, key=lambda each: each.language.partition("_")[0] != template.language)


def chosen(values: Mapping[str, Any], stored: int | None = None) -> TemplateChoice | None:
    """What a form or a JSON object says of it; None: nothing, and it stays. Raises Wrong.

    A form has a field gap_1 for each gap. Gaps alone are those of the stored template.
    """
    if "approved" not in values and "gaps" not in values:
        return None
    gaps = values.get("gaps", _fields(values))
    if not isinstance(gaps, dict):
        raise Wrong({"gaps": 'Give a variable for each gap, such as {"1": "customer_name"}.'})
    named = {str(gap): str(name or "") for gap, name in gaps.items()}
    return TemplateChoice(_id(values.get("approved", stored)), named)


def _id(given: Any) -> int | None:
    """No template has the id 0."""
    if given is None or given == "":
        return None
    return id_of(given) or 0


def _fields(values: Mapping[str, Any]) -> dict[str, Any]:
    return {key.removeprefix(FIELD): name for key, name in values.items() if key.startswith(FIELD)}
