"""A number in a Twilio account, and what Twilio is told to call for it."""

from typing import Any

from twilio.rest import Client

from app.channels.channel import Channel
from app.providers.contract import Line

MOST_SENDERS = 1000
NO_TEXTS = "Twilio says that this number cannot send texts."


def line(client: Client, channel: Channel, number: str) -> Line | None:
    """None where the account has no such number. Raises what the SDK raises.

    https://www.twilio.com/docs/phone-numbers/api/incomingphonenumber-resource and
    https://www.twilio.com/docs/whatsapp/api/senders
    """
    if channel.prefix:
        senders = client.messaging.v2.channels_senders.list(channel=channel.key, limit=MOST_SENDERS)
        found = [one for one in senders if one.sender_id == channel.prefix + number]
        return _of_sender(found[0], channel) if found else None
    # The list is of numbers that contain it.
    numbers = client.incoming_phone_numbers.list(phone_number=number)
    found = [one for one in numbers if one.phone_number == number]
    return _of_number(found[0]) if found else None


def _of_number(one: Any) -> Line:
    texts = (one.capabilities or {}).get("sms", True)
    urls = one.sms_url or "", one.voice_url or "", one.status_callback or ""
    return Line(*urls, trouble="" if texts else NO_TEXTS)


def _of_sender(one: Any, channel: Channel) -> Line:
    # Such as ONLINE:UPDATING, which works as well.
    status = str(one.status or "").partition(":")[0]
    said = f"Twilio says that this number is {status.lower()} on {channel.label}."
    url = str((one.webhook or {}).get("callback_url") or "")
    return Line(url, trouble="" if status == "ONLINE" else said)
