"""One attempt: the payload signed and posted, and what its answer means."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import UTC, datetime
from http import HTTPStatus
from time import monotonic

from standardwebhooks import Webhook

from app.automation.webhooks.claim_deliveries import Claimed
from app.lib.outside.networks import PrivateNetwork
from app.lib.outside.outside_address import Refused
from app.lib.outside.web_call import WebAnswer, post, web_address
from app.lib.text.cleaning import clean

# For all of it: name, connection, TLS, answer.
SECONDS = 15.0
# What asks for patience, perhaps by Retry-After.
BUSY = (
    HTTPStatus.TOO_MANY_REQUESTS,
    HTTPStatus.BAD_GATEWAY,
    HTTPStatus.SERVICE_UNAVAILABLE,
    HTTPStatus.GATEWAY_TIMEOUT,
)
UNREADABLE = "The stored secret cannot be read. Make a new one."
FOLLOWS_NONE = "We follow no redirect: enter the address that it leads to."
GONE = "It answered 410: it wants to hear no more."


@dataclass(frozen=True)
class Attempt:
    """What came of a call."""

    took_ms: int
    answer: WebAnswer | None
    error: str
    """For the business, in a sentence; empty: it was taken."""

    @property
    def delivered(self) -> bool:
        return not self.error

    @property
    def gone(self) -> bool:
        """Whether it wants nothing any more, ever."""
        return self.answer is not None and self.answer.status == HTTPStatus.GONE

    @property
    def retry_after(self) -> str:
        """How long it asks for patience, in its words; empty: it does not."""
        return self.answer.retry_after if self.answer and self.answer.status in BUSY else ""

    @property
    def facts(self) -> dict[str, object]:
        """What the log keeps of it."""
        if self.answer is None:
            return {"took_ms": self.took_ms, "answered": None, "answer": ""}
        text = clean(self.answer.content.decode(errors="replace"))
        return {"took_ms": self.took_ms, "answered": self.answer.status, "answer": text}


def call(delivery: Claimed, private: Collection[PrivateNetwork], now: datetime) -> Attempt:
    """Post it once; takes SECONDS at most. Needs neither the database nor the app's context."""
    begin = monotonic()
    try:
        answer, error = _post(delivery, private, now, begin + SECONDS), ""
        error = _wrong(answer.status)
    except Refused as refused:
        answer, error = None, str(refused)
    return Attempt(round((monotonic() - begin) * 1000), answer, error)


def _post(
    delivery: Claimed, private: Collection[PrivateNetwork], now: datetime, until: float
) -> WebAnswer:
    if not delivery.secrets:
        raise Refused(UNREADABLE)
    content = delivery.payload.encode()
    return post(web_address(delivery.url), content, headers(delivery, now), until, private)


def headers(delivery: Claimed, now: datetime) -> dict[str, str]:
    """With a signature by each secret that holds: https://www.standardwebhooks.com."""
    # The library takes any time's wall clock for UTC.
    at = now.astimezone(UTC)
    signatures = (
        Webhook(each).sign(delivery.webhook_id, at, delivery.payload) for each in delivery.secrets
    )
    return {
        "Content-Type": "application/json",
        "User-Agent": "KaiVox-Webhooks/1",
        "webhook-id": delivery.webhook_id,
        "webhook-timestamp": str(int(at.timestamp())),
        "webhook-signature": " ".join(signatures),
    }


def _wrong(status: int) -> str:
    if 200 <= status < 300:
        return ""
    if status == HTTPStatus.GONE:
        return GONE
    said = f"It answered {status}."
    return f"{said} {FOLLOWS_NONE}" if 300 <= status < 400 else said
