"""The attachments of a message: as files to fetch, or as words where they are none.

https://developers.facebook.com/documentation/business-messaging/messenger-platform/webhooks and
https://developers.facebook.com/docs/instagram-platform/webhooks/examples. Kinds come unannounced:
one that nobody knows is said to be there.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, tzinfo
from mimetypes import guess_type
from typing import Any
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from app.lib.text.cleaning import clean, one_line
from app.providers.contract import Attachment

MOST = 10
# As long as nobody has fetched it.
FILES = {
    "image": "image/jpeg",
    "audio": "audio/mp4",
    "video": "video/mp4",
    "file": "application/octet-stream",
}
THUMBS = {369239263222822, 369239343222814, 369239383222810}
THUMB, HEART = "👍", "❤️"
# With a link that leads to it.
LINKED = {
    "ig_post": "Shared a post",
    "share": "Shared a post",
    "ig_reel": "Shared a reel",
    "reel": "Shared a reel",
    "ig_story": "Shared a story",
    "story_mention": "Mentioned you in their story",
    "post": "Shared a post",
    "location": "Shared a place",
}
PLAIN = {
    "ephemeral": "Sent a picture that can be seen once",
    "template": "Sent a card",
    "unsupported_type": "Sent something that cannot be shown here",
}
BOOKING = {
    "requested": "Asks for an appointment",
    "confirmed": "Confirmed an appointment",
    "declined": "Declined an appointment",
    "cancelled": "Cancelled an appointment",
}
UNKNOWN = "Sent something that only their telephone shows. Ask what it was."


@dataclass(frozen=True)
class Things:
    files: tuple[Attachment, ...] = ()
    words: tuple[str, ...] = ()
    """In sentences or signs, what is no file."""
    links: tuple[str, ...] = ()
    """Previews of links, each with its title; its text has them mostly."""


def read(message: Mapping[str, Any]) -> Things:
    """What a message carries beside its text, at most MOST of each."""
    found = [each for each in _list(message.get("attachments")) if isinstance(each, Mapping)][:MOST]
    files, words, links = [], [], []
    stickers: set[object] = set()
    for each in found:
        kind, payload = str(each.get("type") or ""), _mapping(each.get("payload"))
        if sticker := payload.get("sticker_id"):
            # For a time one came as a picture and as a sticker.
            if sticker not in stickers:
                stickers.add(sticker)
                words.append(THUMB if sticker in THUMBS else "Sent a sticker")
        elif kind == "fallback":
            links += _link(payload)
        elif kind in FILES and isinstance(payload.get("url"), str):
            files.append(_file(clean(payload["url"]), FILES[kind]))
        else:
            words.append(_words(kind, payload))
    if message.get("is_unsupported"):
        words.append(PLAIN["unsupported_type"])
    return Things(tuple(files), tuple(dict.fromkeys(words)), tuple(dict.fromkeys(links)))


def _file(url: str, usual: str) -> Attachment:
    guessed, _ = guess_type(urlsplit(url).path)
    return Attachment(url, guessed or usual)


def _words(kind: str, payload: Mapping[str, Any]) -> str:
    if kind == "like_heart":
        return HEART
    if kind == "sticker":
        return "Sent a sticker"
    if kind == "appointment_booking":
        return _booking(payload)
    title, url = _text(payload, "title"), _text(payload, "url")
    if kind in LINKED:
        told = f"{LINKED[kind]}: {title}" if title else LINKED[kind]
        return f"{told}\n{url}" if url.startswith("https://") else told
    told = PLAIN.get(kind, UNKNOWN)
    return f"{told}: {title}" if title and kind == "template" else told


def _link(payload: Mapping[str, Any]) -> list[str]:
    title, url = _text(payload, "title"), _text(payload, "url")
    return [" ".join(filter(None, (title, url)))] if url else []


def _booking(payload: Mapping[str, Any]) -> str:
    """Its instants are seconds, while those of messages are milliseconds."""
    told = BOOKING.get(_text(payload, "status"), "Sent a booking")
    try:
        zone = _zone(_text(payload, "timezone"))
        begins, ends = (
            datetime.fromtimestamp(int(payload[name]), UTC).astimezone(zone)
            for name in ("start_time", "end_time")
        )
    except (KeyError, TypeError, ValueError, OverflowError, OSError):
        return told
    return f"{told}: {begins:%Y-%m-%d %H:%M} to {ends:%H:%M} ({zone})"


def _zone(name: str) -> tzinfo:
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return UTC


def _text(payload: Mapping[str, Any], name: str) -> str:
    value = payload.get(name)
    return one_line(clean(value))[:2000] if isinstance(value, str) else ""


def _mapping(value: object) -> Mapping[str, Any]:
    return value if isinstance(value, Mapping) else {}


def _list(value: object) -> Sequence[Any]:
    return value if isinstance(value, list) else ()
