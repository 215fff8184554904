"""What a thread's list proves of a message that went out in pieces, or not."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from app.channels import CHANNELS
from app.providers.contract import Account, CannotTell, Outgoing, SendError
from app.providers.meta.graph import Graph
from app.providers.meta.thread_list import sent_since

SINCE = datetime(2026, 11, 30, 12, tzinfo=UTC)
PAGE, PERSON = Account("page", "token"), "person"
MESSAGE = Outgoing(CHANNELS["instagram"], "page", PERSON, "", "")


class Listing(Graph):
    """The thread as (who, text), the newest first, a second apart until a minute after SINCE."""

    def __init__(self, *said: tuple[str, str]) -> None:
        self._said = said

    def get(self, path: str, token: str, **asked: str) -> dict[str, Any]:
        last = SINCE + timedelta(minutes=1)
        listed = [
            {
                "id": f"m{len(self._said) - place}",
                "created_time": (last - timedelta(seconds=place)).isoformat(),
                "from": {"id": who},
                "message": text,
            }
            for place, (who, text) in enumerate(self._said)
        ]
        return {"data": [{"messages": {"data": listed}}]}


HELLO = (PERSON, "Hello")


@pytest.mark.parametrize(
    ("said", "wanted", "found"),
    [
        ([HELLO], ["one"], []),
        ([("page", "one"), HELLO], ["one"], [("m2", True)]),
        # The tail of another message is no piece of this one.
        ([("page", "tail"), ("page", "other"), HELLO], ["one", "tail"], []),
        ([("page", "one"), ("page", "tail"), HELLO], ["one", "tail"], [("", False)]),
        ([("page", "tail"), ("page", "one"), HELLO], ["one", "tail"], [("m3", True)]),
        ([("page", ""), ("page", "one"), HELLO], ["one", None], [("m3", True)]),
        ([("page", ""), HELLO], [None], [("m2", False)]),
        # Of a thread that is longer than its list nobody knows what came before.
        ([("page", "one"), *[("page", "x")] * 19], ["one"], [("m20", True), ("", False)]),
    ],
)
def test_it_is_found_where_all_its_pieces_stand_together(
    said: list[tuple[str, str]], wanted: list[str | None], found: list[tuple[str, bool]]
) -> None:
    reports = sent_since(Listing(*said), PAGE, MESSAGE, wanted, SINCE)
    assert [(each.sid, each.sure) for each in reports] == found


def test_a_list_that_does_not_reach_back_proves_nothing() -> None:
    with pytest.raises(CannotTell):
        sent_since(Listing(*[("page", "x")] * 20), PAGE, MESSAGE, ["one"], SINCE)
    with pytest.raises(SendError, match="so far back"):
        sent_since(Listing(), PAGE, MESSAGE, ["one"], SINCE)
