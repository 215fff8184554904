"""The rules of time zones (IANA) that this program goes by: those of the package tzdata."""

import json
from datetime import datetime
from functools import cache, lru_cache
from importlib.metadata import version
from zoneinfo import ZoneInfo, available_timezones

# Such as 2026.6; a zone's rules change some times a year, with some weeks' notice.
RULES = version("tzdata")


def offset(instant: datetime, timezone: str) -> int:
    """How many seconds clocks there are ahead of UTC at that instant."""
    ahead = instant.astimezone(ZoneInfo(timezone)).utcoffset()
    return int(ahead.total_seconds()) if ahead else 0


def offsets(instant: datetime) -> str:
    """The same of every zone, as a JSON object."""
    # No clock is put forward or back but on a minute.
    return _offsets(instant.replace(second=0, microsecond=0))


@lru_cache(maxsize=1)
def _offsets(minute: datetime) -> str:
    return json.dumps({name: offset(minute, name) for name in every_zone()})


@cache
def every_zone() -> dict[str, ZoneInfo]:
    """Kept, as ZoneInfo forgets whom nobody holds, and to read all of them takes long."""
    return {name: ZoneInfo(name) for name in available_timezones()}


def older(rules: str | None) -> bool:
    """Whether rules are older than ours, or nobody knows which they were."""
    return rules is None or _parts(rules) < _parts(RULES)


def _parts(rules: str) -> list[int]:
    return [int(part) for part in rules.split(".") if part.isdigit()]
