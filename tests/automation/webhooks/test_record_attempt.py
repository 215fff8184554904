"""What an answer means for the delivery, and for its endpoint."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from app.automation.webhooks.claim_deliveries import claim
from app.automation.webhooks.endpoints import enable
from app.automation.webhooks.record_attempt import DEAD, PATIENCE, record
from app.automation.webhooks.retry_schedule import MOST_ATTEMPTS
from app.automation.webhooks.send_deliveries import send_due
from app.automation.webhooks.webhook_call import GONE, Attempt
from app.emails.send import send_due as send_emails
from app.extensions import db
from app.lib.outside.web_call import WebAnswer
from app.models import UserEmail
from app.tenancy import tenant_scope, unscoped
from tests.automation.webhooks.conftest import Receiver, endpoint_at
from tests.automation.webhooks.support import deliveries, endpoint, tell
from tests.support.listener import says
from tests.support.mailboxes import Mailboxes
from tests.support.world import NOON, Business

MINUTE = timedelta(minutes=1)
DAY = timedelta(days=1)
FAILED = Attempt(5, WebAnswer(500, "", b""), "It answered 500.")
TAKEN = Attempt(5, WebAnswer(204, "", b""), "")
BUSY = Attempt(5, WebAnswer(429, "600", b""), "It answered 429.")


@pytest.mark.parametrize(
    ("status", "head", "becomes", "says_"),
    [
        (200, "", "delivered", ""),
        (299, "", "delivered", ""),
        (301, "Location: http://127.0.0.1/", "waiting", "no redirect"),
        (304, "", "waiting", "304"),
        (400, "", "waiting", "400"),
        (401, "", "waiting", "401"),
        (410, "", "failed", "410"),
        (429, "Retry-After: 5", "waiting", "429"),
        (500, "", "waiting", "500"),
    ],
)
def test_only_2xx_is_a_success(
    salon: Business, receiver: Receiver, status: int, head: str, becomes: str, says_: str
) -> None:
    lines = "\r\n".join(filter(None, [f"HTTP/1.1 {status} So", head, "Content-Length: 0"]))
    endpoint_id, _ = receiver(salon, says(f"{lines}\r\n\r\n".encode()))
    tell(salon, endpoint_id, "evt_1")
    send_due(NOON)
    (row,) = deliveries(salon, endpoint_id)
    assert (row.status, row.answered) == (becomes, status)
    assert says_ in row.error


def test_after_the_last_attempt_it_has_failed(salon: Business) -> None:
    endpoint_id = endpoint_at(salon, "https://a.test/")
    tell(salon, endpoint_id, "evt_1")
    at = NOON
    for attempts in range(1, MOST_ATTEMPTS + 1):
        (claimed,) = claim(at, 10)
        assert claimed.attempts == attempts
        record(claimed, FAILED, at)
        assert claim(at, 10) == []
        (row,) = deliveries(salon, endpoint_id)
        at = row.next_at
    assert (row.status, row.error) == ("failed", "It answered 500.")
    assert timedelta(hours=75) < at - NOON < timedelta(hours=91)


def test_a_busy_endpoint_gets_the_quiet_it_asks_for(salon: Business, garage: Business) -> None:
    endpoint_id = endpoint_at(salon, "https://a.test/")
    theirs = endpoint_at(garage, "https://b.test/")
    tell(salon, endpoint_id, "evt_1", "evt_2")
    tell(garage, theirs, "evt_3")
    (first,) = [each for each in claim(NOON, 2) if each.endpoint_id == endpoint_id]
    record(first, BUSY, NOON)
    assert claim(NOON + 9 * MINUTE, 10) == []
    (again,) = claim(NOON + 10 * MINUTE, 10)
    record(again, TAKEN, NOON + 10 * MINUTE)
    assert endpoint(salon, endpoint_id).quiet_until is None


def test_an_endpoint_that_is_gone_is_turned_off_and_admins_are_told_once(
    post: Mailboxes, salon: Business, garage: Business
) -> None:
    endpoint_id = endpoint_at(salon, "https://a.test/")
    tell(salon, endpoint_id, "evt_1", "evt_2", "evt_3")
    gone = Attempt(5, WebAnswer(410, "", b""), GONE)
    first, second, third = claim(NOON, 10)
    record(first, gone, NOON)
    record(second, gone, NOON)
    record(third, TAKEN, NOON)
    assert [row.status for row in deliveries(salon, endpoint_id)] == [
        "failed",
        "failed",
        "delivered",
    ]
    assert endpoint(salon, endpoint_id).disabled_reason == GONE
    assert told() == [("webhook_disabled", salon.id)]
    send_emails(NOON)
    (email,) = post.emails()
    assert email.recipients == [salon.admin]
    assert "Till of salon" in email.text and GONE in email.text
    assert "/admin/webhooks/" in email.text and "a.test" not in email.text


def told() -> list[tuple[str, int | None]]:
    with unscoped("tests"):
        query = select(UserEmail.kind, UserEmail.tenant_id).where(UserEmail.sent_at.is_(None))
        return [(row.kind, row.tenant_id) for row in db.session.execute(query)]


def test_an_endpoint_that_fails_for_five_days_is_turned_off(
    post: Mailboxes, salon: Business, garage: Business
) -> None:
    endpoint_id = endpoint_at(salon, "https://a.test/")
    for day in range(6):
        tell(salon, endpoint_id, f"evt_{day}")
    fail(NOON)
    fail(NOON + PATIENCE - MINUTE)
    assert endpoint(salon, endpoint_id).disabled_at is None
    assert told() == []
    fail(NOON + PATIENCE)
    row = endpoint(salon, endpoint_id)
    assert (row.disabled_at, row.disabled_reason) == (NOON + PATIENCE, DEAD)
    assert {row.status for row in deliveries(salon, endpoint_id)} == {"failed"}
    assert told() == [("webhook_disabled", salon.id)]
    assert claim(NOON + 2 * PATIENCE, 10) == []


def fail(at: object) -> None:
    claimed = claim(at, 1)[0]  # type: ignore[arg-type]
    record(claimed, FAILED, at)  # type: ignore[arg-type]


def test_one_success_makes_up_for_all_failures(post: Mailboxes, salon: Business) -> None:
    endpoint_id = endpoint_at(salon, "https://a.test/")
    tell(salon, endpoint_id, "evt_1", "evt_2", "evt_3")
    fail(NOON)
    record(claim(NOON + 2 * DAY, 1)[0], TAKEN, NOON + 2 * DAY)
    fail(NOON + 6 * DAY)
    assert endpoint(salon, endpoint_id).disabled_at is None
    assert endpoint(salon, endpoint_id).failing_since == NOON + 6 * DAY
    assert told() == []


def test_one_that_is_turned_on_again_begins_anew(salon: Business) -> None:
    endpoint_id = endpoint_at(salon, "https://a.test/")
    tell(salon, endpoint_id, "evt_1")
    fail(NOON)
    tell(salon, endpoint_id, "evt_2")
    fail(NOON + PATIENCE)
    with tenant_scope(salon.id):
        assert enable(endpoint_id)
        assert not enable(endpoint_id)
        db.session.commit()
    row = endpoint(salon, endpoint_id)
    assert (row.disabled_at, row.failing_since, row.disabled_reason) == (None, None, "")
