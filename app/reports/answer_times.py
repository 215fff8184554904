"""How long customers waited for an answer, from steps of waits (models/rollup.py)."""

from collections import Counter
from collections.abc import Iterable
from datetime import timedelta

from app.models.rollup import GROWTH
from app.reports.counted import Count

FIRST = "first"


def median(answers: Iterable[Count]) -> timedelta | None:
    """What half of them were answered within, true to a twentieth; None where there were none."""
    steps: Counter[int] = Counter()
    for answer in answers:
        steps[int(answer.detail)] += answer.total
    middle, so_far = (steps.total() + 1) // 2, 0
    for step in sorted(steps):
        so_far += steps[step]
        if so_far >= middle:
            # The middle of a step that goes from GROWTH ** step to GROWTH ** (step + 1).
            return timedelta(seconds=2 * GROWTH ** (step + 1) / (1 + GROWTH))
    return None


def first_ones(answers: Iterable[Count]) -> list[Count]:
    """Those before which nobody of the business had written, or that opened a conversation."""
    return [answer for answer in answers if answer.kind == FIRST]
