"""Messages, media, numbers and calls as Twilio's API shows them."""

from datetime import UTC, datetime
from email.utils import format_datetime

from app.simulator.records import Call, Json, Media, Message, Number
from app.simulator.rest.refusals import text

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
        "capabilities": {
            "voice": item.can_voice,
            "sms": item.can_sms,
            "mms": item.can_mms,
            "fax": False,
        },
        "date_created": rfc2822(item.created),
        "date_updated": rfc2822(item.created),
        "friendly_name": item.label or item.number,
        "origin": "twilio",
        "phone_number": item.number,
        "sid": item.sid,
        "sms_application_sid": "",
        "sms_fallback_method": "POST",
        "sms_fallback_url": item.fallback_url,
        "sms_method": "POST",
        "sms_url": item.sms_url,
        "trunk_sid": None,
        "voice_application_sid": "",
        "voice_method": "POST",
        "voice_url": item.voice_url,
        "status": "in-use",
        "status_callback": item.status_callback,
        "status_callback_method": "POST",
        "uri": f"{account_uri(item.account_sid)}/IncomingPhoneNumbers/{item.sid}.json",
    }


def call(item: Call) -> Json:
    """https://www.twilio.com/docs/voice/api/call-resource#call-properties"""
    return {
        **_call(item, item.sid, item.status, item.seconds),
        "from": item.phone,
        "to": item.business,
        "direction": "inbound",
        "parent_call_sid": None,
    }


def child(item: Call) -> Json:
    """The call to the telephone that a <Dial> let ring."""
    return {
        **_call(item, item.child, item.child_status, item.child_seconds),
        "from": item.phone,
        "to": item.rang,
        "direction": "outbound-dial",
        "parent_call_sid": item.sid,
    }


def _call(item: Call, sid: str, status: str, seconds: int) -> Json:
    over = item.ended is not None
    return {
        "sid": sid,
        "account_sid": item.account_sid,
        "api_version": VERSION,
        "status": status,
        "date_created": rfc2822(item.created),
        "date_updated": rfc2822(item.ended or item.created),
        "start_time": rfc2822(item.created),
        "end_time": rfc2822(item.ended),
        # As text, and null as long as it goes on.
        "duration": str(seconds) if over else None,
        "price": None,
        "price_unit": "USD",
        "uri": f"{account_uri(item.account_sid)}/Calls/{sid}.json",
    }


def rfc2822(moment: float | None) -> str | None:
    return None if moment is None else format_datetime(datetime.fromtimestamp(moment, UTC))
