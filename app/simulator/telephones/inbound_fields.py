"""What Twilio posts to a webhook when a message came in."""

import json

from app.simulator.addresses import E164, country, whatsapp_user
from app.simulator.records import Message
from app.simulator.state import State


def fields(state: State, message: Message) -> dict[str, str]:
    """https://www.twilio.com/docs/messaging/guides/webhook-request"""
    form = {
        "AccountSid": message.account_sid,
        "ApiVersion": "2010-04-01",
        "Body": message.body,
        "From": message.from_,
        "MessageSid": message.sid,
        "NumMedia": str(len(message.media)),
        "NumSegments": str(message.segments),
        "SmsMessageSid": message.sid,
        "SmsSid": message.sid,
        "SmsStatus": "received",
        "To": message.to,
    }
    for index, media in enumerate(message.media):
        form[f"MediaContentType{index}"] = media.content_type
        form[f"MediaUrl{index}"] = (
            f"{message.base_url}/2010-04-01/Accounts/{message.account_sid}"
            f"/Messages/{message.sid}/Media/{media.sid}"
        )
    if message.channel == "rcs":
        return form | _rcs(message)
    return form | (_person(state, message) if message.channel == "whatsapp" else _places(message))


def _rcs(message: Message) -> dict[str, str]:
    form = {"ChannelPrefix": "rcs"}
    return form | (
        {"ButtonText": message.body, "ButtonPayload": message.button} if message.button else {}
    )


def _places(message: Message) -> dict[str, str]:
    """Where the numbers are at home. What Twilio does not know is blank, and is signed."""
    form: dict[str, str] = {}
    for end, number in (("From", message.phone), ("To", message.business)):
        form |= {f"{end}City": "", f"{end}State": "", f"{end}Zip": ""}
        form[f"{end}Country"] = country(number)
    return form


def _person(state: State, message: Message) -> dict[str, str]:
    phone = state.phones.get(message.phone)
    about = {"ProfileName": (phone.name if phone else "") or message.person}
    if E164.fullmatch(message.person):
        about["WaId"] = message.phone[1:]
    metadata = {"type": "whatsapp", "data": {"context": about}}
    return {
        **about,
        "ChannelMetadata": json.dumps(metadata, separators=(",", ":"), ensure_ascii=False),
        "ExternalUserId": f"whatsapp:{whatsapp_user(message.phone)}",
        "MessageType": _kind(message),
        "ReferralNumMedia": "0",
    }


def _kind(message: Message) -> str:
    if not message.media:
        return "text"
    kind = message.media[0].content_type.partition("/")[0]
    return kind if kind in ("image", "audio", "video") else "document"
