"""Whether Twilio is told to bring us what customers write, and their calls."""

from collections.abc import Iterator
from datetime import datetime, timedelta

from sqlalchemy import select

from app.channels import CHANNELS
from app.extensions import db, settings
from app.health.check import Check
from app.health.finding import Verdict, broken, ok, warning
from app.health.twilio_lines import Asked, lines
from app.lib.vault import VaultError
from app.models import Direction, Message, Tenant
from app.tenancy import current_tenant_id

# A Messaging Service of Twilio's has an address of its own, which counts in place of the number's.
LATELY = timedelta(days=3)
NEXT = "Copy the addresses under Setup, Business into the number in Twilio's console."


def look(now: datetime) -> Verdict | None:
    """None where it has no number of its own, or its token is not known. Raises SendError."""
    try:
        asked = [each for each in lines() if each.line]
    except VaultError:
        return None
    ours = _ours()
    silent = [each.channel for each in asked if not _comes(each, ours)]
    calls = [part for each in asked if each.channel == "sms" for part in _calls_lost(each, ours)]
    sentence = " ".join([*map(_no_messages, silent), *calls])
    if any(not _heard(channel, now - LATELY) for channel in silent):
        return broken(sentence, NEXT)
    if sentence:
        return warning(sentence, NEXT)
    return ok("Twilio brings us what customers write, and their calls.") if asked else None


def _ours() -> str:
    slug = db.session.get_one(Tenant, current_tenant_id()).slug
    return f"{settings().public_url}/api/twilio/{slug}"


def _comes(asked: Asked, ours: str) -> bool:
    return bool(asked.line and _same(asked.line.message_url, f"{ours}/{asked.channel}"))


def _same(url: str, ours: str) -> bool:
    # What stands behind the # is for Twilio: how often it tries again.
    return url.partition("#")[0] == ours


def _no_messages(channel: str) -> str:
    return f"{CHANNELS[channel].label}: “A message comes in” is not our address at Twilio."


def _calls_lost(asked: Asked, ours: str) -> Iterator[str]:
    if asked.line and not _same(asked.line.voice_url, f"{ours}/answer"):
        yield "“A call comes in” is not our address: calls are neither forwarded nor kept."
    if asked.line and not _same(asked.line.status_url, f"{ours}/status"):
        yield "“Call status changes” is not our address: missed calls are noticed late."


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
