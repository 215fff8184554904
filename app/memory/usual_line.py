"""The usual service and staff member: only where there is one."""

from collections import Counter
from collections.abc import Iterator, Sequence

from app.memory.customer_history import Attended
from app.memory.memory_line import Line, Place
from app.memory.visit_lines import LATELY

# So many visits are a habit, and so many of them (the latest) have to be alike.
FROM, ALIKE, OF = 3, 2, 3


def usual_lines(visits: Sequence[Attended]) -> Iterator[Line]:
    lately = _lately(visits)
    for label, names in (
        ("Usual service", [each.service for each in lately]),
        ("Usually with", [each.staff_member for each in lately]),
    ):
        if name := _usual(names):
            of = f"{names.count(name)} of the last {len(names)} visits"
            yield Line(label, name, of, Place.APPOINTMENTS)


def usual_staff(visits: Sequence[Attended]) -> str:
    """Whom they are with as a rule; empty: nobody in particular."""
    return _usual([each.staff_member for each in _lately(visits)])


def _lately(visits: Sequence[Attended]) -> list[Attended]:
    return [each for each in visits if each.came][:LATELY]


def _usual(names: Sequence[str | None]) -> str:
    """What two of three are; those without a name count against it."""
    most = Counter(filter(None, names)).most_common(1)
    if len(names) < FROM or not most:
        return ""
    name, count = most[0]
    return name if count * OF >= len(names) * ALIKE else ""
