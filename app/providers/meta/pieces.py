"""An outbound message as the calls that it takes: a text as long as may be, and each file alone."""

from collections.abc import Callable, Iterator
from typing import Any

from app.channels.channel import Channel
from app.providers.contract import Outgoing

# Before a text is cut within a sentence, and before it is within a word.
BREAKS = ("\n", ". ", "! ", "? ", " ")
OF_TYPES = {"image": "image", "audio": "audio", "video": "video"}


def pieces(message: Outgoing) -> list[dict[str, Any]]:
    """What stands under `message` in each call, in their order."""
    if message.content_sid is not None:
        return [{"template": _template(message)}]
    texts = [{"text": text} for text in split(message.channel, message.body)]
    files = zip(message.media_urls, message.media_types, strict=True)
    return [*texts, *({"attachment": _attachment(*each)} for each in files)]


def split(channel: Channel, body: str) -> Iterator[str]:
    """The text in as few pieces as the channel takes, cut where a reader would."""
    rest = body
    while rest and channel.length(rest) > channel.longest_piece:
        end = _fitting(channel.length, rest, channel.longest_piece)
        cut = next((at for each in BREAKS if (at := _after(rest, each, end)) > end // 2), end)
        yield rest[:cut].rstrip()
        rest = rest[cut:].lstrip()
    if rest:
        yield rest


def _fitting(length: Callable[[str], int], text: str, most: int) -> int:
    """The most characters of the text that are within that length, one at least."""
    low, high = 1, min(len(text), most)
    while low < high:
        middle = (low + high + 1) // 2
        low, high = (middle, high) if length(text[:middle]) <= most else (low, middle - 1)
    # A sign and what belongs to it (a skin tone, a joiner) stay together.
    while low > 1 and text[low : low + 1] in ("\u200d", "\ufe0f"):
        low -= 1
    return low


def _after(text: str, sign: str, end: int) -> int:
    at = text.rfind(sign, 0, end)
    return at + len(sign) if at > 0 else 0


def _attachment(url: str, content_type: str) -> dict[str, Any]:
    kind = OF_TYPES.get(content_type.partition("/")[0], "file")
    return {"type": kind, "payload": {"url": url, "is_reusable": False}}


def _template(message: Outgoing) -> dict[str, Any]:
    """Its id with us is NAME/LANGUAGE; its gaps are numbered (https://developers.facebook.com/
    documentation/business-messaging/messenger-platform/send-messages/utility-messages)."""
    name, _, language = (message.content_sid or "").partition("/")
    values = sorted(message.content_variables.items(), key=lambda each: int(each[0]))
    body = {"type": "body", "parameters": [{"type": "text", "text": told} for _, told in values]}
    components = [body] if values else []
    return {"name": name, "language": {"code": language}, "components": components}
