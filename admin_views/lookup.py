"""Rows that a form refers to: found by a few letters, and only this tenant's."""

from typing import Any

from flask import abort
from flask_admin.contrib.sqla.ajax import QueryAjaxModelLoader
from sqlalchemy import BigInteger, func, inspect, or_

from admin_views.form_fields import tidy
from admin_views.numbers import pretty
from app.extensions import Model, db
from app.inbox.customer_search import matching
from app.lib.text.cleaning import sought_words
from app.models import Customer

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
    @property
    def named(self) -> list[Any]:
        """Its columns, which hold names."""
        return [getattr(self.model, name) for name in self.fields]

    def get_one(self, pk: Any) -> Any:
        """The row, or 404: an empty field in place of a forged one would be stored silently."""
        # Not before the form is complete: the row that refers to it is still being made.
        with db.session.no_autoflush:
            return find(self.model, pk)

    def format(self, model: Any) -> tuple[Any, str] | None:
        told = super().format(model)
        return told and (told[0], pretty(told[1]))

    def get_list(self, term: str | None, offset: int | None = 0, limit: int = 10) -> Any:
        words, start = " ".join(sought_words(tidy(term or ""))), within(offset or 0, LAST)
        if self.model is Customer:
            return matching(words, start, within(limit, MOST))
        found = (func.strpos(func.folded(each), func.folded(words)) > 0 for each in self.named)
        query = self.get_query().filter(or_(*found)).order_by(*self.named)
        return query.offset(start).limit(within(limit, MOST)).all()


def within(number: int, most: int) -> int:
    return min(max(number, 0), most)
