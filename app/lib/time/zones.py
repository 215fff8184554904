"""The rules of time zones (IANA) that this program goes by: those of the package tzdata."""

from datetime import datetime
from importlib.metadata import version
from zoneinfo import ZoneInfo

# Such as 2026.6; a zone's rules change some times a year, with some weeks' notice.
RULES = version("tzdata")


def offset(instant: datetime, timezone: str) -> int:
    """How many seconds clocks there are ahead of UTC at that instant."""
    ahead = instant.astimezone(ZoneInfo(timezone)).utcoffset()
    return int(ahead.total_seconds()) if ahead else 0


def older(rules: str | None) -> bool:
    """Whether rules are older than ours, or nobody knows which they were."""
    return rules is None or _parts(rules) < _parts(RULES)


def _parts(rules: str) -> list[int]:
    return [int(part) for part in rules.split(".") if part.isdigit()]
