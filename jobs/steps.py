"""Several pieces of work in one job, of which none keeps the next from being taken."""

from collections.abc import Callable

import structlog

from app.extensions import db
from app.lib.fault import place

log = structlog.get_logger()


def take_each(*steps: Callable[[], object]) -> None:
    """Take every step, whatever becomes of the one before. Raises the first error, at the end."""
    errors = [error for error in map(_taken, steps) if error]
    if errors:
        raise errors[0]


def _taken(step: Callable[[], object]) -> Exception | None:
    try:
        step()
    except Exception as error:
        log.error("step_broke", fault=place(error))
        return error
    finally:
        db.session.remove()
    return None
