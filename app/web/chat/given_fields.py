"""What a visitor's request carries, each field as what it must be, or as nothing."""

from typing import Any

from flask import request

BIGINT = 2**63 - 1

Given = dict[str, Any]


def given() -> Given:
    """The fields of a JSON object or of a form; of anything else none."""
    if request.is_json:
        found = request.get_json(silent=True)
        return found if isinstance(found, dict) else {}
    return request.form.to_dict()


def text_of(fields: Given, name: str) -> str:
    """Empty where it is no text."""
    value = fields.get(name)
    return value if isinstance(value, str) else ""


def id_of(fields: Given, name: str) -> int:
    """0 where it can be no row's."""
    value = fields.get(name)
    is_id = isinstance(value, int) and not isinstance(value, bool) and 0 < value <= BIGINT
    return value if is_id else 0  # type: ignore[return-value]
