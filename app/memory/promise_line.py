"""What was promised to the customer and is not done yet."""

from collections.abc import Iterator, Sequence
from datetime import datetime

from app.inbox.team.promises import OpenPromise
from app.lib.time.business_time import BusinessTime
from app.memory.memory_line import Line, Place


def promise_lines(
    promises: Sequence[OpenPromise], there: BusinessTime, now: datetime
) -> Iterator[Line]:
    for each in promises:
        late = "due since" if each.due_at <= now else "by"
        told = f"{each.what}, {late} {there.near(each.due_at, now)}"
        source = f"promised by {each.who or 'somebody who is gone'}"
        yield Line("Promised", told, source, Place.THREAD, needs_us=True)
