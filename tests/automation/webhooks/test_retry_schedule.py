"""When an attempt is made again: over three days, and as the other side asks."""

from datetime import datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.automation.webhooks.retry_schedule import (
    LONGEST_QUIET,
    MOST_ATTEMPTS,
    PAUSES,
    next_attempt,
    quiet_until,
)
from tests.support.world import NOON

SECOND = timedelta(seconds=1)


def test_ten_attempts_are_made_over_three_days() -> None:
    assert MOST_ATTEMPTS == 10
    assert sum(PAUSES, timedelta()) == timedelta(hours=75, minutes=35, seconds=5)
    for attempts, pause in enumerate(PAUSES, start=1):
        again = next_attempt(attempts, NOON)
        assert again is not None
        assert pause <= again - NOON <= pause * 1.2
    assert next_attempt(MOST_ATTEMPTS, NOON) is None


@pytest.mark.parametrize(
    ("header", "until"),
    [
        ("", None),
        ("120", NOON + 120 * SECOND),
        ("0", None),
        ("-5", None),
        ("soon", None),
        ("Wed, 18 Nov 2026 17:30:00 GMT", NOON + timedelta(minutes=30)),
        ("Wed, 18 Nov 2026 17:30:00", NOON + timedelta(minutes=30)),
        ("Wed, 18 Nov 2020 17:30:00 GMT", None),
        ("999999999", NOON + LONGEST_QUIET),
        ("9" * 5000, None),
        ("٣٤", None),
    ],
)
def test_a_server_that_asks_for_patience_gets_it_within_reason(
    header: str, until: datetime | None
) -> None:
    assert quiet_until(header, NOON) == until


@given(st.text(max_size=60))
def test_no_header_breaks_it(header: str) -> None:
    until = quiet_until(header, NOON)
    assert until is None or NOON < until <= NOON + LONGEST_QUIET
