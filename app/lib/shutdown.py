"""Whether this process was asked to end. Whoever is about to begin something asks here first."""

from time import monotonic

# A call to a carrier that is under way gets so long: its own timeouts, to connect and to answer.
LAST_CALLS_SECONDS = 22.0
# By then the process is gone, whatever holds it up; who sent the signal waits for 30 s.
END_SECONDS = 28.0

_asked_at: float | None = None


def request() -> None:
    """Begin nothing more. Safe in a signal's handler: it takes no lock."""
    global _asked_at
    _asked_at = monotonic()


def requested() -> bool:
    return _asked_at is not None


def sooner(until: float) -> float:
    """That time, or the end of the last calls' patience where it comes before."""
    return until if _asked_at is None else min(until, _asked_at + LAST_CALLS_SECONDS)
