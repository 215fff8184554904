"""Telephone numbers as people read them; forms, links and files keep E.164."""

from typing import Any

from admin_views.frame import business
from app.lib import phone
from app.tenancy import tenant_in_scope


def pretty(address: str) -> str:
    """A number as it is written where the business is, for the operator internationally; anything
    else, such as a name, as it stands."""
    return phone.pretty(address, business().country if tenant_in_scope() else "")


def as_written(_view: Any, _context: Any, row: Any, name: str) -> str:
    """A column formatter: the number as people read it."""
    return pretty(getattr(row, name) or "")
