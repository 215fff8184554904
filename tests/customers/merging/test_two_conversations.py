"""What one conversation shows of two, and two of one, as columns."""

from datetime import timedelta
from typing import Any

import pytest

from app.customers.merging.two_conversations import both, split
from tests.support.world import NOON

HOUR = timedelta(hours=1)
OPEN: dict[str, Any] = {
    "last_message_at": NOON,
    "last_message_id": 1,
    "last_channel": "sms",
    "last_direction": "inbound",
    "last_author_id": None,
    "preview": "Hello",
    "unread_count": 1,
    "whatsapp_inbound_at": None,
    "last_call_id": None,
    "open_reply_id": None,
    "stop_asked_id": None,
    "failed": False,
    "closed_at": None,
    "snoozed_until": None,
    "waiting_since": NOON,
    "waited_since": None,
    "assignee_id": None,
}
CLOSED = OPEN | {"closed_at": NOON, "waiting_since": None, "unread_count": 0}
SNOOZED = CLOSED | {"closed_at": None, "snoozed_until": NOON + HOUR, "waited_since": NOON}
LATER = OPEN | {"last_message_at": NOON + HOUR, "last_message_id": 2, "preview": "Later"}


@pytest.mark.parametrize(
    ("one", "other", "rests"),
    [
        (OPEN, CLOSED, (None, None)),
        (CLOSED, SNOOZED, (None, NOON + HOUR)),
        (CLOSED, CLOSED | {"closed_at": NOON + HOUR}, (NOON + HOUR, None)),
    ],
)
def test_it_rests_where_both_do(
    one: dict[str, Any], other: dict[str, Any], rests: tuple[Any, Any]
) -> None:
    for talk in (both(one, other), both(other, one)):
        assert (talk["closed_at"], talk["snoozed_until"]) == rests


def test_it_shows_the_later_and_keeps_what_waits_for_a_person_in_either() -> None:
    talk = both(LATER | {"assignee_id": 7}, OPEN | {"stop_asked_id": 3, "failed": True})
    assert (talk["preview"], talk["unread_count"], talk["waiting_since"]) == ("Later", 2, NOON)
    assert (talk["assignee_id"], talk["stop_asked_id"], talk["failed"]) == (7, 3, True)


def test_untouched_each_is_as_it_was() -> None:
    one = both(OPEN, CLOSED)
    assert split(OPEN, one, dict(one), {}) == OPEN
    assert split(CLOSED, one, dict(one), {}) == CLOSED


def test_what_was_done_since_holds_for_both_and_what_came_for_whom_it_came_to() -> None:
    one = both(OPEN, CLOSED)
    now = one | {"assignee_id": 7, "waiting_since": NOON + 2 * HOUR, "unread_count": 2}
    news = {"last": {"preview": "New"}, "unread": 1, "heard": NOON + 2 * HOUR, "whatsapp": None}
    heard, silent = split(CLOSED, one, now, news), split(OPEN, one, now, {})
    assert (heard["preview"], heard["waiting_since"]) == ("New", NOON + 2 * HOUR)
    # Staff have answered what waited before.
    assert (silent["preview"], silent["waiting_since"]) == ("Hello", None)
    assert heard["assignee_id"] == silent["assignee_id"] == 7
