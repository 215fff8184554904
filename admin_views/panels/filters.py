"""Filters that speak the panels' words."""

from typing import Any

from flask_admin.contrib.sqla.filters import FilterEqual, FilterInList

from admin_views.labels import choices


class Is(FilterEqual):  # type: ignore[misc]
    """Equal to one of the options, and to nothing else: a database enum refuses other words."""

    def clean(self, value: str) -> str:
        return known(value, self.options)


class IsAmong(FilterInList):  # type: ignore[misc]
    def clean(self, value: str) -> list[str]:
        return [known(word, self.options) for word in super().clean(value)]


def known(value: str, options: list[tuple[str, str]]) -> str:
    """The value, if it is one of the options. Raises ValueError."""
    if value not in dict(options):
        raise ValueError(f"{value} is none of them")
    return value


def one_of(column: Any, name: str, table: dict[Any, str]) -> list[Any]:
    """Equal to one, or among several, of a table's words."""
    options = list(choices(table).items())
    return [Is(column, name, options=options), IsAmong(column, name, options=options)]
