"""What is wrong in a form, as it stands above it."""

from collections.abc import Iterable

from wtforms import Field


def wrong(fields: Iterable[Field]) -> list[tuple[str, str, str]]:
    """Of each field with an error, in their order: its id, its name, and what is wrong."""
    return [(field.id, field.label.text, _said(field)) for field in fields if field.errors]


def _said(field: Field) -> str:
    """Of a field that has fields of its own, those say more."""
    said = [str(error) for error in field.errors if not isinstance(error, dict | list | tuple)]
    return " ".join(said) or "See what is marked there."
