"""Values as they stand in JSON, beside those that marshmallow knows."""

from datetime import UTC, datetime
from typing import Any

from marshmallow import ValidationError, fields

from app.web.guards.access import BIGINT


class Id(fields.Field[int]):
    """A number of ours, as text: programs need not count with it, and some cannot hold it."""

    default_error_messages = {"invalid": "Not an id."}

    def _serialize(self, value: Any, *_more: Any, **_options: Any) -> str | None:
        return None if value is None else str(value)

    def _deserialize(self, value: Any, *_more: Any, **_options: Any) -> int:
        return id_of(value)


class Instant(fields.Field[datetime]):
    """RFC 3339; given with any offset, told in UTC."""

    default_error_messages = {"invalid": "Not an RFC 3339 time with an offset."}

    def _serialize(self, value: Any, *_more: Any, **_options: Any) -> str | None:
        return f"{value.astimezone(UTC).replace(tzinfo=None).isoformat()}Z" if value else None

    def _deserialize(self, value: Any, *_more: Any, **_options: Any) -> datetime:
        try:
            instant = datetime.fromisoformat(value)
        except (TypeError, ValueError):
            raise self.make_error("invalid") from None
        if instant.tzinfo is None or not 1970 <= instant.year <= 2200:
            raise self.make_error("invalid")
        return instant.astimezone(UTC)


def id_of(value: Any) -> int:
    """The number that the text says. Raises ValidationError."""
    digits = value if isinstance(value, str) and value.isascii() and len(value) < 20 else ""
    if digits.isdigit() and int(digits) < BIGINT:
        return int(digits)
    raise ValidationError("Not an id.")
