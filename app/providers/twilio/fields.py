from collections.abc import Mapping

from app.lib.text import clean
from app.providers.base import BadRequest


def required(form: Mapping[str, str], field: str) -> str:
    """The field's text, cleaned. Raises BadRequest where it is missing or too long."""
    value = clean(form.get(field, "")).strip()
    if not value or len(value) > 200:
        raise BadRequest(f"{field} is missing" if not value else f"{field} is too long")
    return value
