"""A number in a Twilio account, or its sender on WhatsApp or RCS: what it can, and what Twilio is
told to call for it.

https://www.twilio.com/docs/phone-numbers/api/incomingphonenumber-resource and
https://www.twilio.com/docs/whatsapp/api/senders, which is of RCS, too.
"""

from collections.abc import Mapping
from typing import Any

from twilio.rest import Client
from twilio.rest.messaging.v2.channels_sender import ChannelsSenderInstance as Sender

from app.channels.channel import Channel
from app.lib.text.cleaning import clean, one_line
from app.providers.contract import Ability, Event, Line

MOST_SENDERS = 1000
LOW_QUALITY = (
    "WhatsApp rates this number’s messages low, as people block or report them: it may limit it."
)
ABILITIES = {"sms": Ability.TEXTS, "mms": Ability.PICTURES, "voice": Ability.CALLS}
# What is posted to a number to have an event told elsewhere; an application (or a trunk) of
# Twilio's would go before the URL, and is taken away.
FIELDS: Mapping[Event, Mapping[str, str]] = {
    Event.MESSAGE: {"sms_method": "POST", "sms_application_sid": ""},
    Event.FALLBACK: {"sms_fallback_method": "POST"},
    Event.CALL: {"voice_method": "POST", "voice_application_sid": "", "trunk_sid": ""},
    Event.CALL_ENDED: {"status_callback_method": "POST"},
}
URL_FIELDS = {
    Event.MESSAGE: "sms_url",
    Event.FALLBACK: "sms_fallback_url",
    Event.CALL: "voice_url",
    Event.CALL_ENDED: "status_callback",
}
SENDERS_FIELDS = {Event.MESSAGE: "callback", Event.FALLBACK: "fallback"}
# What reaches a person by a Messaging Service is reported to its sender's address as well.
FIELDS_OF_RCS = {**SENDERS_FIELDS, Event.STATUS: "status_callback"}


def line(client: Client, channel: Channel, number: str) -> Line | None:
    """None where the account has no such number. Raises what the SDK raises."""
    found = _find(client, channel, number)
    if found is None:
        return None
    return _of_sender(found, channel) if channel.prefix else _of_number(found)


def point(client: Client, channel: Channel, number: str, urls: Mapping[Event, str]) -> None:
    """Raises LookupError where the account has no such number, and what the SDK raises."""
    found = _find(client, channel, number)
    if found is None:
        raise LookupError
    if channel.prefix:
        webhook = Sender.MessagingV2ChannelsSenderWebhook(
            {**(found.webhook or {}), **_senders_fields(channel, urls)}
        )
        # What is not named stays: the SDK posts no nulls.
        change = Sender.MessagingV2ChannelsSenderRequestsUpdate({"webhook": webhook})
        sender = client.messaging.v2.channels_senders(found.sid)
        sender.update(messaging_v2_channels_sender_requests_update=change)
    else:
        client.incoming_phone_numbers(found.sid).update(**_fields(urls))


def _find(client: Client, channel: Channel, number: str) -> Any:
    if channel.prefix:
        senders = client.messaging.v2.channels_senders.list(channel=channel.key, limit=MOST_SENDERS)
        return next((one for one in senders if one.sender_id == channel.prefix + number), None)
    # The list is of numbers that contain it.
    numbers = client.incoming_phone_numbers.list(phone_number=number)
    return next((one for one in numbers if one.phone_number == number), None)


def _of_number(one: Any) -> Line:
    said = one.capabilities or {}
    abilities = frozenset(ours for theirs, ours in ABILITIES.items() if said.get(theirs, True))
    calls = one.trunk_sid or one.voice_application_sid
    urls = {
        Event.MESSAGE: _called(one.sms_url, one.sms_method, one.sms_application_sid),
        Event.FALLBACK: _called(one.sms_fallback_url, one.sms_fallback_method),
        Event.CALL: _called(one.voice_url, one.voice_method, calls),
        Event.CALL_ENDED: _called(one.status_callback, one.status_callback_method),
    }
    return Line(urls, abilities)


def _of_sender(one: Any, channel: Channel) -> Line:
    webhook = one.webhook or {}
    methods = ("POST", "PUT") if channel.carries else ("POST",)
    urls = {
        event: _called(webhook.get(f"{field}_url"), webhook.get(f"{field}_method"), taken=methods)
        for event, field in _named(channel).items()
    }
    rating = str((one.properties or {}).get("quality_rating") or "").upper()
    return Line(
        urls,
        frozenset({Ability.TEXTS, Ability.PICTURES}),
        _offline(one, channel),
        LOW_QUALITY if rating == "LOW" else "",
    )


def _offline(one: Any, channel: Channel) -> str:
    # Such as ONLINE:UPDATING, which works as well.
    status = str(one.status or "").partition(":")[0]
    if status == "ONLINE":
        return ""
    what = "sender" if channel.carries else "number"
    said = f"Twilio says that this {what} is {status.lower().replace('_', ' ')} on {channel.label}"
    why = "; ".join(str(each.get("message") or "") for each in one.offline_reasons or [])
    reason = one_line(clean(why))[:300].rstrip(". ")
    return f"{said}: {reason}." if reason else f"{said}."


def _called(url: Any, method: Any, instead: Any = None, taken: tuple[str, ...] = ("POST",)) -> str:
    """What is called; not by a GET, which would bring us nothing."""
    if instead or not url:
        return str(instead or "")
    return str(url) if str(method or "POST").upper() in taken else f"{url} (by {method})"


def _fields(urls: Mapping[Event, str]) -> dict[str, str]:
    given = {URL_FIELDS[event]: url for event, url in urls.items()}
    return {**given, **{name: to for event in urls for name, to in FIELDS[event].items()}}


def _named(channel: Channel) -> Mapping[Event, str]:
    return FIELDS_OF_RCS if channel.carries else SENDERS_FIELDS


def _senders_fields(channel: Channel, urls: Mapping[Event, str]) -> dict[str, str]:
    known = _named(channel)
    named = [(known[event], url) for event, url in urls.items() if event in known]
    return {
        **{f"{name}_url": url for name, url in named},
        **{f"{name}_method": "POST" for name, _ in named},
    }
