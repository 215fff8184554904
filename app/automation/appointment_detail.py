"""A condition on one thing of the event's appointment: whom it is with, what it is for."""

from collections.abc import Callable

from app.automation.choices import affirmed, chosen, gone, whether, words_of
from app.automation.rule_part import Choices, Condition, Gap, Options
from app.automation.snapshot import Snapshot
from app.models import Appointment


def condition(
    gap: Gap,
    choices: Callable[[], Choices],
    detail: Callable[[Appointment], int | None],
    *,
    key: str,
    order: int,
    sentence: str,
    fact: str,
    noun: str,
    unnamed: str,
) -> Condition:
    """The gap takes some of the choices; the detail is the id of the appointment's, `noun` what one
    is called, `unnamed` what is said where it has none. Without an appointment it is none of them.
    """

    def holds(seen: Snapshot, options: Options) -> bool:
        one = detail(seen.appointment) if seen.appointment else None
        return (one in chosen(options, gap.key)) == affirmed(options, "is")

    def seen_as(seen: Snapshot) -> str:
        if seen.appointment is None:
            return "no appointment"
        one = detail(seen.appointment)
        return words_of([one], choices()) if one else unnamed

    return Condition(
        key=key,
        order=order,
        sentence=sentence,
        gaps=(whether("is", "Whether it is", "is", "is not"), gap),
        gone=gone(noun, gap.key, choices),
        fact=fact,
        seen=seen_as,
        holds=holds,
    )
