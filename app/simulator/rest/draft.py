"""A request to send, checked as Twilio checks it."""

import re
from dataclasses import dataclass
from urllib.parse import urlsplit

from werkzeug.datastructures import MultiDict

from app.simulator.addresses import Channel, can_receive, can_send, split
from app.simulator.rest import content_variables
from app.simulator.rest.refusals import TwilioError

SERVICE_SID = re.compile(r"MG[0-9a-fA-F]{32}")
# https://www.twilio.com/docs/iam/test-credentials#test-sms-messages
MAGIC_TO = {
    "+15005550001": 21211,
    "+15005550002": 21612,
    "+15005550003": 21408,
    "+15005550004": 21610,
    "+15005550009": 21614,
}
MAGIC_FROM = {"+15005550001": 21212, "+15005550007": 21606, "+15005550008": 21611}


@dataclass(frozen=True, slots=True)
class Draft:
    channel: Channel
    phone: str
    # None: the messaging service chooses.
    business: str | None
    service: str | None
    body: str
    media_urls: tuple[str, ...]
    content_sid: str | None
    variables: dict[str, str]
    status_callback: str | None
    # From where a service sends by SMS what RCS does not carry.
    fallback: str | None = None
    # It was addressed to rcs:, and goes by nothing else.
    rcs_only: bool = False


def read(form: MultiDict[str, str]) -> Draft:
    """Raises TwilioError with the code that Twilio answers."""
    channel, phone = _recipient(form.get("To", "").strip())
    service, business = _sender(form, channel)
    if business == phone:
        raise TwilioError(21266, phone)
    _validity(form.get("ValidityPeriod", ""))
    content_sid = form.get("ContentSid") or None
    variables = content_variables.read(form.get("ContentVariables", "")) if content_sid else {}
    return Draft(
        channel=channel,
        phone=phone,
        business=business,
        service=service,
        body="" if content_sid else _text(form),
        media_urls=() if content_sid else _media(form.getlist("MediaUrl")),
        content_sid=content_sid,
        variables=variables,
        status_callback=_callback(form.get("StatusCallback", "")),
        fallback=_fallback(form, service),
        rcs_only=channel == "rcs",
    )


def _recipient(to: str) -> tuple[Channel, str]:
    if not to:
        raise TwilioError(21604)
    channel, phone = split(to)
    if phone in MAGIC_TO:
        raise TwilioError(MAGIC_TO[phone], to)
    if not can_receive(channel, phone):
        raise TwilioError(21211, to)
    return channel, phone


def _sender(form: MultiDict[str, str], channel: Channel) -> tuple[str | None, str | None]:
    service, sender = form.get("MessagingServiceSid") or None, form.get("From", "").strip()
    if service and not SERVICE_SID.fullmatch(service):
        raise TwilioError(21701)
    if not sender:
        if service:
            return service, None
        raise TwilioError(21603)
    own_channel, business = split(sender)
    if business in MAGIC_FROM:
        raise TwilioError(MAGIC_FROM[business], sender)
    if not can_send(own_channel, business):
        raise TwilioError(21212, sender)
    if own_channel != channel:
        raise TwilioError(21910)
    return service, business


def _fallback(form: MultiDict[str, str], service: str | None) -> str | None:
    """https://www.twilio.com/docs/api/errors/21664 and 21666"""
    number = form.get("FallbackFrom", "").strip()
    if number and form.get("From", "").strip():
        raise TwilioError(21664)
    if number and service is None:
        raise TwilioError(21666)
    if number and not can_send("sms", number):
        raise TwilioError(21212, number)
    return number or None


def _text(form: MultiDict[str, str]) -> str:
    body = form.get("Body", "")
    if not body.strip() and not form.getlist("MediaUrl"):
        raise TwilioError(21602)
    if len(body) > 1600:
        raise TwilioError(21617)
    return body


def _media(urls: list[str]) -> tuple[str, ...]:
    if len(urls) > 10:
        raise TwilioError(21623)
    if not all(is_web_address(url) for url in urls):
        raise TwilioError(21620)
    return tuple(urls)


def _callback(url: str) -> str | None:
    if url and not is_web_address(url):
        raise TwilioError(21609, url)
    return url or None


def is_web_address(url: str) -> bool:
    try:
        parts = urlsplit(url)
        return parts.scheme in ("http", "https") and bool(parts.hostname)
    except ValueError:
        return False


def _validity(seconds: str) -> None:
    """1 to 36000 seconds. https://www.twilio.com/docs/messaging/api/message-resource"""
    if seconds and not (seconds.isdecimal() and 1 <= int(seconds) <= 36_000):
        raise TwilioError(20001)
