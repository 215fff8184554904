"""What came with a request, as a form or as JSON."""

from typing import Any

from flask import request


def posted() -> dict[str, Any]:
    """The posted fields, of a form or of a JSON object."""
    if request.is_json:
        values = request.get_json()
        return values if isinstance(values, dict) else {}
    return request.form.to_dict()
