"""Reads the body of a webhook of Meta's: entries, each of one account, with events in them.

They stand under `messaging`, `standby` or `changes`, or flat in the entry, as the ways in which an
account was connected and the dashboard's test button have it.
https://developers.facebook.com/documentation/business-messaging/messenger-platform/webhooks
"""

import hashlib
import json
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from typing import Any

from app.lib.text.cleaning import clean
from app.providers.contract import BadRequest, Received
from app.providers.meta import shared_things
from app.providers.meta.meta_events import (
    Delivered,
    Echo,
    Edited,
    Enforced,
    Entry,
    Event,
    Handed,
    Met,
    Reacted,
    Reviewed,
    Said,
    Seen,
    Unsent,
)

# Longer ones are none of Meta's.
LONGEST_ID, LONGEST_SID = 64, 512
LONGEST_TEXT = 20_000
# From here on a timestamp is in milliseconds; some come in seconds.
MILLISECONDS = 100_000_000_000
UNSHOWN = "Replied to your story"
Item = Mapping[str, Any]


def entries(body: bytes) -> list[Entry]:
    """What it tells of which account. Raises BadRequest for what is no such body."""
    try:
        told = json.loads(body)
    except (ValueError, RecursionError):
        raise BadRequest("the body is no JSON") from None
    found = told.get("entry") if isinstance(told, dict) else None
    if not isinstance(found, list):
        raise BadRequest("the body has no entry")
    kind = clean(str(told.get("object")))
    return [Entry(kind, _id(each.get("id")), each) for each in found if isinstance(each, dict)]


def items(entry: Entry) -> Iterator[tuple[Item, bool]]:
    """The events of the entry as they came, and whether another app answers there."""
    raw = entry.raw
    for name, standby in (("messaging", False), ("standby", True)):
        yield from ((each, standby) for each in _items(raw.get(name)))
    for change in (*_items(raw.get("changes")), raw):
        value = change.get("value")
        if isinstance(value, Mapping):
            yield {"field": change.get("field"), "timestamp": raw.get("time"), **value}, False


def event(account: str, item: Item, standby: bool, now: datetime) -> Event | None:
    """The event in our words; None for what is no business of an inbox. Raises BadRequest where it
    lacks what it must have."""
    at = _instant(item.get("timestamp"), now)
    sender, recipient = _person(item.get("sender")), _person(item.get("recipient"))
    person = recipient if sender == account else sender
    if isinstance(item.get("message"), Mapping):
        return _message(account, item["message"], person, at, standby, sender == account)
    for name, read in READERS.items():
        if isinstance(item.get(name), Mapping):
            return read(item[name], person, at)
    if "postback" in item and isinstance(item["postback"], Mapping):
        return _tap(account, item["postback"], person, at, standby)
    return _change(item, at)


def _message(
    account: str, message: Item, person: str, at: datetime, standby: bool, ours: bool
) -> Event | None:
    sid = _sid(message)
    if message.get("is_deleted"):
        return Unsent(person, at, sid)
    text, things = _text(message.get("text")), shared_things.read(message)
    if message.get("is_echo") or ours:
        what = "\n".join(things.words) or ("Sent a file" if things.files else "")
        metadata, app = _text(message.get("metadata")), str(message.get("app_id") or "")
        return Echo(person, at, sid, _with_links(text, things), what, metadata, app[:LONGEST_ID])
    if not person:
        raise BadRequest("a message has no sender")
    words = (*_story(message), *things.words)
    received = Received(
        sid=sid,
        address=person,
        aliases=(),
        recipient=account,
        name="",
        body=_with_links(text, things) or ("\n".join(words) if not things.files else ""),
        attachments=things.files,
        what="\n".join(words),
        quotes=_quoted(message),
    )
    return Said(person, at, received, standby, _source(message.get("referral")))


def _with_links(text: str, things: shared_things.Things) -> str:
    """A preview whose link the text has is none of its own."""
    more = [link for link in things.links if not text or link.split()[-1] not in text]
    return "\n".join(filter(None, (text, *more)))


def _story(message: Item) -> list[str]:
    answered = message.get("reply_to")
    story = answered.get("story") if isinstance(answered, Mapping) else None
    return [UNSHOWN] if isinstance(story, Mapping) else []


def _quoted(message: Item) -> str:
    answered = message.get("reply_to")
    named = answered.get("mid") if isinstance(answered, Mapping) else None
    return clean(named) if isinstance(named, str) and len(named) <= LONGEST_SID else ""


def _tap(account: str, postback: Item, person: str, at: datetime, standby: bool) -> Event | None:
    """A tap on a button says its title; while another app answers it comes without one. Older ones
    have no id: their time is one."""
    if not person:
        return None
    title = _text(postback.get("title")) or _text(postback.get("payload")) or "Tapped a button"
    if not isinstance(sid := postback.get("mid"), str) or not 0 < len(sid) <= LONGEST_SID:
        told = f"{account}/{person}/{at.timestamp()}/{title}"
        sid = f"tap_{hashlib.sha256(told.encode()).hexdigest()}"
    message = Received(clean(sid), person, (), account, "", title, ())
    return Said(person, at, message, standby, _source(postback.get("referral")))


def _source(referral: object) -> str:
    """An ad's title, or what a link was given."""
    if not isinstance(referral, Mapping):
        return ""
    ad = referral.get("ads_context_data")
    title = _text(ad.get("ad_title")) if isinstance(ad, Mapping) else ""
    return (title or _text(referral.get("ref")))[:200]


def _edit(edit: Item, person: str, at: datetime) -> Event:
    return Edited(
        person, at, _sid(edit), _text(edit.get("text")), max(_whole(edit.get("num_edit")), 1)
    )


def _reaction(reaction: Item, person: str, at: datetime) -> Event:
    taken_back = reaction.get("action") == "unreact"
    emoji = _text(reaction.get("emoji")) or _text(reaction.get("reaction"))
    return Reacted(person, at, _sid(reaction), "" if taken_back else emoji[:32] or "❤")


def _delivery(delivery: Item, person: str, at: datetime) -> Event:
    sids = tuple(clean(each) for each in delivery.get("mids") or () if isinstance(each, str))
    return Delivered(person, at, _stamped(delivery.get("watermark")) or at, sids[:100])


def _read(read: Item, person: str, at: datetime) -> Event:
    if isinstance(read.get("mid"), str):
        return Seen(person, at, None, _sid(read))
    return Seen(person, at, _stamped(read.get("watermark")) or at)


def _met(_referral: Item, person: str, at: datetime) -> Event:
    return Met(person, at)


def _taken(_control: Item, person: str, at: datetime) -> Event:
    return Handed(person, at, ours=False)


def _given(_control: Item, person: str, at: datetime) -> Event:
    return Handed(person, at, ours=True)


def _policy(policy: Item, _person_id: str, at: datetime) -> Event:
    return Enforced("", at, _text(policy.get("action")), _text(policy.get("reason"))[:500])


READERS = {
    "message_edit": _edit,
    "reaction": _reaction,
    "delivery": _delivery,
    "read": _read,
    "referral": _met,
    "optin": _met,
    "take_thread_control": _taken,
    "pass_thread_control": _given,
    "policy-enforcement": _policy,
    "policy_enforcement": _policy,
}


def _change(item: Item, at: datetime) -> Event | None:
    """A template's review: developers.facebook.com/docs/graph-api/webhooks/reference/page."""
    if item.get("field") != "messenger_template_status_update":
        return None
    said = str(item.get("event") or item.get("status") or "").upper()
    name, language = (
        _text(item.get(key)) for key in ("message_template_name", "message_template_language")
    )
    return Reviewed("", at, name, language, said == "APPROVED", _text(item.get("reason"))[:500])


def _items(value: object) -> list[Item]:
    return [each for each in value if isinstance(each, Mapping)] if isinstance(value, list) else []


def _person(value: object) -> str:
    return _id(value.get("id")) if isinstance(value, Mapping) else ""


def _id(value: object) -> str:
    text = clean(str(value)) if isinstance(value, str | int) else ""
    return text if len(text) <= LONGEST_ID else ""


def _sid(told: Item) -> str:
    named = told.get("mid")
    if not isinstance(named, str) or not 0 < len(named) <= LONGEST_SID:
        raise BadRequest("an event names no message")
    return clean(named)


def _text(value: object) -> str:
    return clean(value)[:LONGEST_TEXT] if isinstance(value, str) else ""


def _whole(value: object) -> int:
    try:
        return min(int(str(value)), 1000)
    except ValueError:
        return 0


def _instant(value: object, now: datetime) -> datetime:
    """Not later than now, whatever clock it is from; now where there is none."""
    return min(_stamped(value) or now, now)


def _stamped(value: object) -> datetime | None:
    number = _stamp(value)
    try:
        seconds = number / 1000 if number >= MILLISECONDS else number
        return datetime.fromtimestamp(seconds, UTC) if number > 0 else None
    except (OverflowError, ValueError, OSError):
        return None


def _stamp(value: object) -> int:
    try:
        return int(value) if isinstance(value, int | float | str) else 0
    except (ValueError, OverflowError):
        return 0
