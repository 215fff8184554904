"""By which channel, and at what hour of the day, a customer mostly answers."""

from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import timedelta
from itertools import pairwise

from app.channels import CHANNELS, home
from app.lib.time.business_time import BusinessTime
from app.lib.time.clock import wall_time
from app.memory.customer_history import Said
from app.memory.memory_line import Line, Place, so_many

# From so many answers on, and where so many of them are within so many hours (or on one channel).
FROM, ALIKE, OF, HOURS = 5, 2, 3, 3
# What comes later is no answer to what was said before.
ANSWERS_WITHIN = timedelta(days=2)
DAY = 24


def answering_lines(
    preferred: str | None, said: Sequence[Said], there: BusinessTime
) -> Iterator[Line]:
    """preferred: the channel that staff entered; said: the latest first."""
    answers = _answers(said)
    if preferred in CHANNELS:
        yield Line("Prefers", CHANNELS[preferred].label, "their details", Place.DETAILS)
    elif by := _channel(answers):
        label, of = CHANNELS[by].label, so_many(len(answers), "answer")
        yield Line("Mostly answers", f"by {label}", f"their last {of}", Place.THREAD)
    hours = [wall_time(each.created_at, there.timezone).hour for each in answers]
    if (begin := _busiest(hours)) is not None:
        end = (begin + HOURS) % DAY
        told = f"between {there.hour(begin)} and {there.hour(end)}"
        of = f"{_within(hours, begin)} of {len(hours)} answers"
        yield Line("Answers", told, of, Place.THREAD)


def _answers(said: Sequence[Said]) -> list[Said]:
    """What they wrote next after something was written to them."""
    return [
        later
        for later, before in pairwise(said)
        if later.theirs
        and not before.theirs
        and later.created_at - before.created_at <= ANSWERS_WITHIN
    ]


def _channel(answers: Sequence[Said]) -> str | None:
    used = Counter(home(each.channel) for each in answers).most_common(1)
    if len(answers) < FROM or not used:
        return None
    channel, count = used[0]
    return channel if channel in CHANNELS and count * OF >= len(answers) * ALIKE else None


def _busiest(hours: Sequence[int]) -> int | None:
    """The first hour of the stretch in which most of them are, if that is a clear majority."""
    if len(hours) < FROM:
        return None
    begin = max(range(DAY), key=lambda hour: _within(hours, hour))
    return begin if _within(hours, begin) * OF >= len(hours) * ALIKE else None


def _within(hours: Sequence[int], begin: int) -> int:
    return sum((hour - begin) % DAY < HOURS for hour in hours)
