"""Businesses' own systems, which are told of events: none is lost, though one may come twice."""

from collections import Counter
from dataclasses import asdict, dataclass, field
from typing import Any

from faults.stage import Stage

# Some take a moment over it, so that whoever tells them is killed meanwhile.
UNHURRIED = 2


@dataclass
class Told:
    """Of the deliveries of outgoing webhooks."""

    delivered: int = 0
    """Their receiver has them."""
    again: int = 0
    """Came once more under the same webhook-id, which a receiver knows by it."""
    lost: int = 0
    """No row, or it says delivered and its receiver has none."""
    stuck: int = 0
    strangers: int = 0
    """Nobody's, or not signed by whose they are."""
    notes: list[str] = field(default_factory=list)

    def json(self) -> dict[str, int]:
        return {key: value for key, value in asdict(self).items() if key != "notes"}


def introduce(stage: Stage, secrets: dict[str, str]) -> None:
    """Each business's receiver, by its slug, with the secret that it verifies by."""
    for number, (slug, secret) in enumerate(secrets.items()):
        manner = "ok" if number % UNHURRIED else "unhurried"
        stage.control("PUT", f"receivers/{slug}", secret=secret, manner=manner)


def judge(stage: Stage, slugs: list[str]) -> Told:
    """Each row against what the receivers have, and each event that was judged against the rows."""
    told, rows = Told(), stage.sql(_ROWS)
    came = {slug: stage.control("GET", f"receivers/{slug}")["told"] for slug in slugs}
    for slug, webhook_id, status, error in rows:
        _one(told, f"{webhook_id} of {slug}", status, error, _times(came[slug])[webhook_id])
    known = {(slug, webhook_id) for slug, webhook_id, _, _ in rows}
    for slug, requests in came.items():
        for each in requests:
            if each["wrong"] or (slug, each["id"]) not in known:
                told.strangers += 1
                told.notes.append(f"a stranger's webhook came to {slug}: {each}")
    for slug, event_id in stage.sql(_UNTOLD):
        told.lost += 1
        told.notes.append(f"lost: nobody was told of event {event_id} of {slug}")
    return told


def _one(told: Told, name: str, status: str, error: str, times: int) -> None:
    told.again += max(times - 1, 0)
    if status == "delivered" and times:
        told.delivered += 1
    elif status in ("waiting", "sending"):
        told.stuck += 1
        told.notes.append(f"stuck: webhook {name} is {status} ({error})")
    else:
        told.lost += 1
        told.notes.append(f"lost: webhook {name} is {status} ({error}) and came {times} times")


def _times(requests: list[Any]) -> "Counter[str]":
    return Counter(each["id"] for each in requests if not each["wrong"])


_ROWS = """
    SELECT slug, webhook_id, webhook_delivery.status, error
    FROM webhook_delivery JOIN tenant ON tenant.id = tenant_id
"""
# What was judged was told to its business's receiver by the same transaction.
_UNTOLD = """
    SELECT slug, automation_event.id
    FROM automation_event JOIN tenant ON tenant.id = tenant_id
    JOIN webhook_endpoint AS endpoint USING (tenant_id)
    WHERE judged_at IS NOT NULL AND at >= endpoint.created_at AND NOT EXISTS (
        SELECT FROM webhook_delivery AS delivery
        WHERE delivery.endpoint_id = endpoint.id
          AND delivery.webhook_id = 'evt_' || automation_event.id
    )
"""
