"""No test sends a change that could take more rows than it says (app/rows/chosen_once.py), nor one
that passes over a business because somebody just writes a row that refers to it."""

import re

from sqlalchemy import event
from sqlalchemy.engine import Engine

PLAIN_CHOICE = re.compile(r"\bIN \(SELECT (?:[^()]|\((?:[^()]|\([^()]*\))*\))*\bLIMIT \S+\s+FOR ")


PASSED_OVER = re.compile(
    r"\bFROM tenant\b(?:(?!\bFROM\b).)*\bFOR UPDATE(?: OF tenant)? SKIP LOCKED", re.DOTALL
)


class MayTakeMore(AssertionError):
    """Its rows come from a plain subquery that is limited and locks."""


class PassesOver(AssertionError):
    """Every row that refers to a tenant locks it for a moment (FOR KEY SHARE). With `key_share` a
    choice minds that as little as the change that follows it does."""


def refuse(_conn: object, _cursor: object, statement: str, *_rest: object) -> None:
    if "SKIP LOCKED" in statement and PLAIN_CHOICE.search(statement):
        raise MayTakeMore(statement)
    if PASSED_OVER.search(statement):
        raise PassesOver(statement)


def watch() -> None:
    """From now on, for all engines of the process."""
    event.listen(Engine, "before_cursor_execute", refuse)
