"""A list of what has a time, in parts: what is coming, what is past, and all of it."""

from datetime import datetime, time
from typing import Any

from flask import request

from admin_views.panels.panel import Panel
from admin_views.times import business_time, zone
from app.lib.time.clock import now

COMING, PAST, ALL = "coming", "past", "all"
PARTS = {COMING: "Today and coming", PAST: "Past", ALL: "All"}


class ComingAndPast(Panel):
    """The address says which part (when=). Without it the list begins with today, unless something
    is searched or filtered: that is looked for in all. An export has all."""

    dated: str
    """Its column with the time."""

    def part(self) -> str:
        if not str(request.endpoint).endswith(".index_view"):
            return ALL
        asked = request.args.get("when", "")
        return asked if asked in PARTS else ALL if self.narrowed() else COMING

    def parts(self) -> list[tuple[str, str, bool]]:
        """The tabs: name, address, and whether it is here."""
        here = self.part()
        return [
            (name, self.get_url(".index_view", when=part), part == here)
            for part, name in PARTS.items()
        ]

    def get_query(self) -> Any:
        query, at, midnight = super().get_query(), self._at(), _midnight()
        within = {COMING: [at >= midnight], PAST: [at < midnight], ALL: []}
        return query.filter(*within[self.part()])

    def _get_default_order(self) -> Any:
        """What comes next first; of what is past the latest."""
        yield self._at(), [], self.part() != COMING

    def _at(self) -> Any:
        return getattr(self.model, self.dated)

    def _get_list_extra_args(self) -> Any:
        """The part goes along to other pages and other orders of the list."""
        asked = super()._get_list_extra_args()
        asked.extra_args = {"when": request.args["when"]} if "when" in request.args else {}
        return asked


def _midnight() -> datetime:
    """With which today began, where the business is."""
    return datetime.combine(business_time().day(now()), time(), zone())
