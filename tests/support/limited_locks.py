"""No test sends a change that could take more rows than it says (app/rows/chosen_once.py)."""

import re

from sqlalchemy import event
from sqlalchemy.engine import Engine

PLAIN_CHOICE = re.compile(r"\bIN \(SELECT (?:[^()]|\((?:[^()]|\([^()]*\))*\))*\bLIMIT \S+\s+FOR ")


class MayTakeMore(AssertionError):
    """Its rows come from a plain subquery that is limited and locks."""


def refuse(_conn: object, _cursor: object, statement: str, *_rest: object) -> None:
    if "SKIP LOCKED" in statement and PLAIN_CHOICE.search(statement):
        raise MayTakeMore(statement)


def watch() -> None:
    """From now on, for all engines of the process."""
    event.listen(Engine, "before_cursor_execute", refuse)
