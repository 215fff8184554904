"""How a page tells of an archive."""

import re
from datetime import date

from admin_views.frame import business
from app.lib.time.locales import day, on_pages

NAME = re.compile(r"(2\d{3})-(0[1-9]|1[0-2])(?:-(\d+))?")


def month(name: str) -> str:
    """April 2024 of 2024-04; with a number where there is more than one of it: April 2024 (2)."""
    known = NAME.fullmatch(name)
    if not known:
        return name
    first = date(int(known[1]), int(known[2]), 1)
    said = day(first, on_pages(business().locale), "yMMMM")
    return f"{said} ({known[3]})" if known[3] else said
