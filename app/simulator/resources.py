"""Messages, media and numbers as Twilio's API shows them."""

from datetime import UTC, datetime
from email.utils import format_datetime

from app.simulator.errors import text
from app.simulator.records import Json, Media, Message, Number

VERSION = "2010-04-01"


def account_uri(account_sid: str) -> str:
    return f"/{VERSION}/Accounts/{account_sid}"


def message(item: Message) -> Json:
    """https://www.twilio.com/docs/messaging/api/message-resource#message-properties"""
    # A messaging service has not chosen its sender yet.
    undecided = item.status == "accepted"
    # Nor rendered a template for it: https://github.com/twilio/twilio-node/issues/1081
    unrendered = undecided and item.content_sid
    uri = f"{account_uri(item.account_sid)}/Messages/{item.sid}"
    return {
        "account_sid": item.account_sid,
        "api_version": VERSION,
        "body": "" if unrendered else item.body,
        "date_created": rfc2822(item.created),
        "date_sent": rfc2822(item.sent),
        "date_updated": rfc2822(item.updated),
        "direction": item.direction,
        "error_code": item.error_code,
        "error_message": text(item.error_code) if item.error_code else None,
        "from": None if undecided else item.from_,
        "messaging_service_sid": item.messaging_service_sid,
        "num_media": str(len(item.media) + len(item.media_urls)),
        "num_segments": "0" if undecided else str(item.segments),
        "price": None,
        "price_unit": "USD",
        "sid": item.sid,
        "status": item.status,
        "subresource_uris": {"media": f"{uri}/Media.json"},
        "to": item.to,
        "uri": f"{uri}.json",
    }


def media(owner: Message, item: Media) -> Json:
    """https://www.twilio.com/docs/messaging/api/media-resource"""
    messages = f"{account_uri(owner.account_sid)}/Messages"
    return {
        "account_sid": owner.account_sid,
        "content_type": item.content_type,
        "date_created": rfc2822(owner.created),
        "date_updated": rfc2822(owner.created),
        "parent_sid": owner.sid,
        "sid": item.sid,
        "uri": f"{messages}/{owner.sid}/Media/{item.sid}.json",
    }


def number(item: Number) -> Json:
    """https://www.twilio.com/docs/phone-numbers/api/incomingphonenumber-resource"""
    return {
        "account_sid": item.account_sid,
        "api_version": VERSION,
        "capabilities": {"voice": True, "sms": True, "mms": True, "fax": False},
        "date_created": rfc2822(item.created),
        "date_updated": rfc2822(item.created),
        "friendly_name": item.label or item.number,
        "origin": "twilio",
        "phone_number": item.number,
        "sid": item.sid,
        "sms_fallback_method": "POST",
        "sms_fallback_url": item.fallback_url,
        "sms_method": "POST",
        "sms_url": item.sms_url,
        "voice_method": "POST",
        "voice_url": item.voice_url,
        "status": "in-use",
        "status_callback": item.status_callback,
        "status_callback_method": "POST",
        "uri": f"{account_uri(item.account_sid)}/IncomingPhoneNumbers/{item.sid}.json",
    }


def rfc2822(moment: float | None) -> str | None:
    return None if moment is None else format_datetime(datetime.fromtimestamp(moment, UTC))
