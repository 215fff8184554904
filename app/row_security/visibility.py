"""Which conversations are seen: all of the business in scope, or those of one person alone.

While a viewer is named, PostgreSQL shows no conversation of others and nothing that belongs to one
(app/row_security), whatever is asked: docs/adr/0034.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import NamedTuple


class Viewer(NamedTuple):
    """Somebody who sees the conversations that are assigned to them, and no others."""

    user_id: int
    unassigned: bool
    """And those that are nobody's."""


_viewer: ContextVar[Viewer | None] = ContextVar("viewer", default=None)


def viewer() -> Viewer | None:
    """For whose eyes statements run; None: they see all conversations of the business."""
    return _viewer.get()


@contextmanager
def seen_by(somebody: Viewer | None) -> Iterator[None]:
    """Show no more than they see; None: all."""
    token = _viewer.set(somebody)
    try:
        yield
    finally:
        _viewer.reset(token)
