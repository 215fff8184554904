"""Services and staff members from a file: met by their names."""

from collections.abc import Iterable
from typing import Any

from app.appointments import row_times
from app.appointments.by_name import Named, by_name
from app.extensions import db
from app.imports.kinds.each_row import each_row, yes_or_no
from app.imports.kinds.import_kind import Taking
from app.lib.csv_files.csv_rows import BadRow, Report, Row
from app.models import Service, StaffMember


def take_services(rows: Iterable[Row], _taking: Taking, report: Report) -> None:
    each_row(rows, report, lambda row: _kept(Service, row.get("name", ""), _service(row)))


def take_staff(rows: Iterable[Row], _taking: Taking, report: Report) -> None:
    each_row(rows, report, lambda row: _kept(StaffMember, _whole(row), _active(row)))


def _service(row: dict[str, str]) -> dict[str, Any]:
    lasts = row_times.minutes(row, "", None)
    return _active(row) | ({"duration_minutes": lasts} if lasts else {})


def _active(row: dict[str, str]) -> dict[str, Any]:
    active = yes_or_no(row, "active")
    return {} if active is None else {"active": active}


def _whole(row: dict[str, str]) -> str:
    parts = row.get("first_name", ""), row.get("last_name", "")
    return row.get("name") or " ".join(filter(None, parts))


def _kept(kind: type[Named], name: str, values: dict[str, Any]) -> str:
    """An empty cell leaves what is known."""
    if not name:
        raise BadRow("it has no name")
    found = by_name(kind, name)
    if found is None:
        db.session.add(kind(name=name, **values))
        db.session.flush()
        return "created"
    changed = {key: to for key, to in values.items() if getattr(found, key) != to}
    for key, to in changed.items():
        setattr(found, key, to)
    db.session.flush()
    return "updated" if changed else "unchanged"
