"""Values as they stand in JSON, beside those that marshmallow knows."""

import base64
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from typing import Any, NamedTuple

from marshmallow import ValidationError, fields
from sqlalchemy import BigInteger, ColumnElement

from app.web.guards.access import BIGINT

INTEGER = 2**31
# As JSON Schema has them.
ID = {"type": "string", "pattern": "^[0-9]{1,18}$"}
INSTANT = {"type": "string", "format": "date-time"}
TEXT = {"type": "string"}


class Filter(NamedTuple):
    """What a list is narrowed by."""

    narrow: Callable[[str], ColumnElement[bool]]
    """Given the text behind its name. Raises ValidationError where it cannot be that."""
    shape: Mapping[str, str] = TEXT


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


class File(fields.Field[bytes]):
    """What is in a file, as base64 (RFC 4648, section 4)."""

    default_error_messages = {"invalid": "Not base64."}

    def _deserialize(self, value: Any, *_more: Any, **_options: Any) -> bytes:
        try:
            return base64.b64decode(value, validate=True)
        except (TypeError, ValueError):
            raise self.make_error("invalid") from None


def instant_of(text: str) -> datetime:
    """Raises ValidationError."""
    found: datetime = Instant().deserialize(text)
    return found


def id_of(value: Any, key: Any = None) -> int:
    """The number that the text says, if the column can hold it; None: any of a table that does not
    count beyond 32 bits. Raises ValidationError."""
    digits = value if isinstance(value, str) and value.isascii() and len(value) < 20 else ""
    large = key is not None and isinstance(key.type, BigInteger)
    if digits.isdigit() and int(digits) < (BIGINT if large else INTEGER):
        return int(digits)
    raise ValidationError("Not an id.")


def names(key: Any) -> Filter:
    """That the column is the id that the text says."""
    return Filter(lambda text: key == id_of(text, key), ID)
