"""Rows that a form refers to: found by a few letters, and only this tenant's."""

from typing import Any

from flask import abort
from flask_admin.contrib.sqla.ajax import QueryAjaxModelLoader

from admin_views.fields import tidy
from app.extensions import db

MOST = 50
BIGINT = 2**63


def row_id(text: Any) -> int:
    """An id as it was sent; 404 for anything that cannot be one."""
    digits = str(text)
    if not (digits.isascii() and digits.isdigit()) or int(digits[:20]) >= BIGINT:
        abort(404)
    return int(digits[:20])


class Lookup(QueryAjaxModelLoader):  # type: ignore[misc]
    def get_one(self, pk: Any) -> Any:
        """The row, or 404: an empty field in place of a forged one would be stored silently."""
        # Not before the form is complete: the row that refers to it is still being made.
        with db.session.no_autoflush:
            return db.session.get(self.model, row_id(pk)) or abort(404)

    def get_list(self, term: str | None, offset: int | None = 0, limit: int = 10) -> Any:
        return super().get_list(tidy(term or ""), max(offset or 0, 0), min(max(limit, 0), MOST))
