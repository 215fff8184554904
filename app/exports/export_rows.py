"""Rows of a kind as any program reads them: in a table for a spreadsheet, and as lines of JSON."""

import csv
import io
import json
from collections.abc import Iterable, Sequence
from datetime import date, datetime, time
from decimal import Decimal
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import cast, func, select, tuple_

from app.exports.exported_kinds import ExportedKind
from app.extensions import db
from app.lib.csv_files.formulas import harmless
from app.lib.file_names import whole
from app.models import Media, Tenant
from app.tenancy import current_tenant_id

# A spreadsheet knows by it that the text is UTF-8.
BOM = "\ufeff"
FOLDER = "attachments"

Key = list[Any]
Line = dict[str, Any]


def count(kind: ExportedKind) -> int:
    """Of the business in scope."""
    query = select(func.count()).select_from(kind.model).where(*_ours(kind))
    return db.session.scalar(query) or 0


def following(kind: ExportedKind, after: Key | None, zone: ZoneInfo) -> tuple[list[Line], Key]:
    """The next rows of the business in scope behind that key, by column, and the key of the last.
    Instants are as ISO 8601 with the offset of the zone."""
    columns, key = kind.columns, kind.key
    query = select(*columns, *key).where(*_ours(kind)).order_by(*key)
    if after:
        last = [cast(value, column.type) for value, column in zip(after, key, strict=True)]
        query = query.where(tuple_(*key) > tuple_(*last))
    rows = db.session.execute(query.limit(kind.at_once)).all()
    names = [each.key for each in columns]
    lines = [_line(kind, names, row, zone) for row in rows]
    return lines, list(rows[-1][len(columns) :]) if rows else []


def _ours(kind: ExportedKind) -> list[Any]:
    """A business itself is no tenant's row, so that nothing else narrows it."""
    return [Tenant.id == current_tenant_id()] if kind.model is Tenant else []


def _line(kind: ExportedKind, names: Sequence[str], row: Sequence[Any], zone: ZoneInfo) -> Line:
    values = {name: _plain(value, zone) for name, value in zip(names, row, strict=False)}
    return values | {"file": _place(values)} if kind.model is Media else values


def _plain(value: Any, zone: ZoneInfo) -> Any:
    """As JSON has it."""
    if isinstance(value, datetime):
        return value.astimezone(zone).isoformat()
    if isinstance(value, date | time):
        return value.isoformat()
    return str(value) if isinstance(value, Decimal | UUID) else value


def _place(media: Line) -> str:
    """Where it lies in the archive; empty: it never arrived."""
    stored = media["state"] == "stored"
    return file_place(media["id"], media["name"], media["content_type"]) if stored else ""


def file_place(id_: int, name: str, content_type: str) -> str:
    return f"{FOLDER}/{id_}-{whole(name, content_type, id_)}"


def header(kind: ExportedKind) -> list[str]:
    """The columns of the table."""
    return [each.key for each in kind.columns] + (["file"] if kind.model is Media else [])


def as_csv(rows: Iterable[Sequence[Any]]) -> str:
    """Rows of a table in which a spreadsheet finds nothing to run."""
    text = io.StringIO(newline="")
    csv.writer(text).writerows([harmless(_cell(value)) for value in row] for row in rows)
    return text.getvalue()


def _cell(value: Any) -> Any:
    return json.dumps(value, ensure_ascii=False) if isinstance(value, list | dict | bool) else value


def as_lines(lines: Iterable[Line]) -> str:
    """A JSON object a line (https://jsonlines.org)."""
    return "".join(json.dumps(line, ensure_ascii=False) + "\n" for line in lines)
