"""Whether Twilio is told to bring us what customers write, and their calls."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from itertools import groupby

from sqlalchemy import select

from app.channels import CHANNELS
from app.extensions import db
from app.health.check import Check
from app.health.finding import Verdict, broken, ok, warning
from app.health.twilio_lines import lines
from app.health.webhook_urls import LABELS, Difference, address, differences
from app.lib.vault import VaultError
from app.models import Direction, Message
from app.providers.contract import Event

# A Messaging Service of Twilio's has an address of its own, which counts in place of the number's.
LATELY = timedelta(days=3)
NEXT = "Press “Set the addresses at Twilio for me”, or copy them from Setup, Business yourself."
MOST_EXPLAINED = 2
MEANS = {
    Event.MESSAGE: "is not our address at Twilio.",
    Event.STATUS: "is not our address: some reports of what arrived go there.",
    Event.FALLBACK: "is not our address: messages go there when we are slow to answer.",
    Event.CALL: "is not our address: calls are neither forwarded nor kept.",
    Event.CALL_ENDED: "is not our address: missed calls are noticed late.",
}


def look(now: datetime) -> Verdict | None:
    """None where it has no number of its own, or its token is not known. Raises SendError."""
    try:
        asked = [each for each in lines() if each.line]
    except VaultError:
        return None
    found = differences(asked, address())
    silent = [each.channel for each in found if each.event is Event.MESSAGE]
    sentence = _told(found)
    if any(not _heard(channel, now - LATELY) for channel in silent):
        return broken(sentence, NEXT)
    if found:
        return warning(sentence, NEXT)
    return ok("Twilio brings us what customers write, and their calls.") if asked else None


def _told(found: Sequence[Difference]) -> str:
    """Few of them with what that means, many by their names."""
    if len(found) <= MOST_EXPLAINED:
        return " ".join(
            f"{CHANNELS[each.channel].label}: “{LABELS[each.event]}” {MEANS[each.event]}"
            for each in found
        )
    named = [
        f"{CHANNELS[channel].label}: {', '.join(f'“{LABELS[each.event]}”' for each in group)}"
        for channel, group in groupby(found, lambda each: each.channel)
    ]
    return f"Twilio calls other addresses than ours, or none. {'; '.join(named)}."


def _heard(channel: str, since: datetime) -> bool:
    """Whether the last since then came by itself, whatever the number says, and had not to be found
    in Twilio's list."""
    query = (
        select(Message.recovered)
        .where(Message.direction == Direction.INBOUND, Message.channel == channel)
        .where(Message.created_at > since)
        .order_by(Message.id.desc())
    )
    return db.session.scalar(query.limit(1)) is False


CHECK = Check(
    "twilio_webhooks", 17, "Where Twilio brings your messages and calls.", look, outside=True
)
