"""Half a minute, a signature of ours, and a session that goes on."""

from datetime import UTC, datetime, timedelta

import pytest
from itsdangerous import URLSafeSerializer

from app.streams.ticket import LASTS, BadTicket, Ticket, issue, read

NOON = datetime(2026, 11, 18, 17, 0, tzinfo=UTC)
TICKET = Ticket(1, 2, 3, NOON + timedelta(days=1), NOON, "https://inbox.example.com")
KEYS = ("a former key", "the key")


def test_a_ticket_says_who_may_hear_what_until_it_runs_out() -> None:
    text = issue(KEYS, TICKET)
    assert read(KEYS, text, NOON + LASTS - timedelta(seconds=1)) == TICKET
    with pytest.raises(BadTicket):
        read(KEYS, text, NOON + LASTS)


def test_it_opens_nothing_once_its_session_is_over() -> None:
    text = issue(KEYS, TICKET._replace(ends_at=NOON + timedelta(seconds=5)))
    with pytest.raises(BadTicket):
        read(KEYS, text, NOON + timedelta(seconds=5))


def test_a_former_key_still_counts_and_no_other_signature_does() -> None:
    assert read(KEYS, issue(KEYS[:1], TICKET), NOON) == TICKET
    forged = URLSafeSerializer("the key", salt="another use of it").dumps([1, 2, 3, 4, 5, "a"])
    for text in (issue(("somebody's",), TICKET), forged, "", "a.b", "\x00"):
        with pytest.raises(BadTicket):
            read(KEYS, text, NOON)
