import re
from collections.abc import Mapping

from app.lib.text.cleaning import clean
from app.providers.contract import BadRequest


def required(form: Mapping[str, str], field: str) -> str:
    """The field's text, cleaned. Raises BadRequest where it is missing or too long."""
    value = clean(form.get(field, "")).strip()
    if not value or len(value) > 200:
        raise BadRequest(f"{field} is missing" if not value else f"{field} is too long")
    return value


def sid(form: Mapping[str, str], field: str, form_of: re.Pattern[str]) -> str:
    """The field's SID, which is matched whole. Raises BadRequest where it is none."""
    value = required(form, field)
    if not form_of.fullmatch(value):
        raise BadRequest(f"{field} is no SID of its kind")
    return value
