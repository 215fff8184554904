"""Whether somebody is there for visitors just now, in their language."""

from datetime import datetime
from typing import NamedTuple

from app.business_hours import of_tenant
from app.business_hours.tell_hours import Told
from app.lib.time.locales import spoken_at
from app.webchat.panel_words import LANGUAGES


class Hours(NamedTuple):
    open: bool
    """Also where the business has not said when it is."""
    said: str
    """Open until 6:00 PM, as part of a sentence; empty: nobody has said."""


def hours(language: str, home: str, now: datetime) -> Hours:
    """Of the tenant in scope, whose locale is home."""
    known = of_tenant()
    if known is None:
        return Hours(True, "")
    told = Told(known, LANGUAGES[language].hours, spoken_at(language, home), now)
    return Hours(known.is_open(now), told.open_now())
