"""How times and names are shown. The browser turns the times into its own zone."""

from datetime import UTC, datetime


def stamp(moment: float) -> str:
    return datetime.fromtimestamp(moment, UTC).isoformat(timespec="seconds")


def clock(moment: float) -> str:
    return datetime.fromtimestamp(moment, UTC).strftime("%H:%M")


def day(moment: float) -> str:
    return datetime.fromtimestamp(moment, UTC).strftime("%A, %-d %B")


def initials(name: str) -> str:
    return "".join(word[0] for word in name.split()[:2]).upper()
