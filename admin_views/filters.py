"""Filters that speak the panels' words."""

from typing import Any

from flask_admin.contrib.sqla.filters import FilterEqual, FilterInList

from admin_views.words import choices


def one_of(column: Any, name: str, table: dict[Any, str]) -> list[Any]:
    """Equal to one, or among several, of a table's words."""
    options = choices(table)
    return [FilterEqual(column, name, options=options), FilterInList(column, name, options=options)]
