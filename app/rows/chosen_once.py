"""Which rows a statement changes, where it may change only so many of those that are free."""

from typing import Any

from sqlalchemy import Select, select


def chosen_once(rows: Select[Any]) -> Select[Any]:
    """The limited and locked rows, for the IN of an UPDATE or DELETE, chosen once.

    PostgreSQL may run a plain subquery anew for each row that it compares (a nested loop, where it
    expects few). Each run skips what the one before has locked, so that more rows are changed than
    the limit says. A CTE that locks runs once: https://www.postgresql.org/docs/15/queries-with.html
    """
    return select(rows.cte("chosen"))
