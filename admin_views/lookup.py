"""Rows that a form refers to: found by a few letters, and only this tenant's."""

from typing import Any

from flask import abort
from flask_admin.contrib.sqla.ajax import QueryAjaxModelLoader
from sqlalchemy import BigInteger, inspect

from admin_views.fields import tidy
from admin_views.numbers import pretty
from app.extensions import Model, db
from app.lib.text import sought_words

MOST = 50
LAST = 1_000_000


def find(model: type[Model], id_: Any) -> Any:
    """The tenant's row with an id as it was sent; 404 for anything else."""
    digits = str(id_)
    key = inspect(model).primary_key[0]
    limit = 2**63 if isinstance(key.type, BigInteger) else 2**31
    if not (digits.isascii() and digits.isdigit()) or len(digits) > 20 or int(digits) >= limit:
        abort(404)
    return db.session.get(model, int(digits)) or abort(404)


class Lookup(QueryAjaxModelLoader):  # type: ignore[misc]
    def get_one(self, pk: Any) -> Any:
        """The row, or 404: an empty field in place of a forged one would be stored silently."""
        # Not before the form is complete: the row that refers to it is still being made.
        with db.session.no_autoflush:
            return find(self.model, pk)

    def format(self, model: Any) -> tuple[Any, str] | None:
        told = super().format(model)
        return told and (told[0], pretty(told[1]))

    def get_list(self, term: str | None, offset: int | None = 0, limit: int = 10) -> Any:
        words = " ".join(sought_words(tidy(term or "")))
        return super().get_list(words, within(offset or 0, LAST), within(limit, MOST))


def within(number: int, most: int) -> int:
    return min(max(number, 0), most)
