"""The log as a file."""

from collections.abc import Iterable

from flask import Response

from admin_views.audit.audit_words import Change, changes, said, who
from admin_views.panels.export import written
from admin_views.times import exported
from app.audit.audit_log import Line

TITLES = ("When", "Who", "What", "Kind of row", "Row", "Changes")
# Newer than the rest; a file is made whole before it is sent.
MOST = 20_000


def file_of(lines: Iterable[Line], by_name: bool) -> Response:
    """by_name: as in audit_words.who()."""
    rows = [
        (
            exported(line.at),
            who(line, by_name),
            said(line, by_name),
            line.row_kind or "",
            line.row_id or "",
            "; ".join(map(_told, changes(line))),
        )
        for line in lines
    ]
    headers = {"Content-Disposition": "attachment;filename=audit-log.csv"}
    return Response(written([TITLES, *rows]), headers=headers, mimetype="text/csv")


def _told(change: Change) -> str:
    if change.before is None:
        return f"{change.label}: changed"
    return f"{change.label}: {change.before} → {change.after}"
