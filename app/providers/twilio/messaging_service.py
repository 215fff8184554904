"""A Messaging Service of Twilio's: it sends by RCS what reaches the recipient so, and else by SMS.

https://www.twilio.com/docs/rcs/send-an-rcs-message; what is known of it, docs/adr/0028-rcs.md.
"""

from typing import Any

from twilio.rest import Client

from app.providers.contract import Outgoing

RCS = "rcs:"
NOT_FOUND = 404
MOST_SENDERS = 1000


def sent_by(message: Outgoing) -> dict[str, str]:
    """Who sends it, in the words of Twilio's SDK."""
    sender = message.channel.prefix + message.sender
    if message.service is None:
        return {"from_": sender}
    return {"messaging_service_sid": message.service, "fallback_from": sender}


def ways(message: Outgoing) -> list[dict[str, str]]:
    """How it may stand in Twilio's list: of a service's under either form of the recipient, and
    under a sender that nobody knows before the service has chosen it."""
    to = message.channel.prefix + message.recipient
    if message.service is None:
        return [{"to": to, "from_": message.channel.prefix + message.sender}]
    return [{"to": to}, {"to": RCS + message.recipient}]


def went_by(message: Outgoing, listed: Any) -> bool:
    """Whether a listed message can have been sent so: of a service's, others' are listed, too."""
    by, sender = listed.messaging_service_sid, str(listed.from_ or "")
    if message.service is None or by == message.service:
        return True
    return not by and sender in ("", message.channel.prefix + message.sender)


def holds(client: Client, service: str, sender: str) -> bool:
    """Whether the account has such a service, and the sender is in it. Raises what the SDK
    raises."""
    try:
        client.messaging.v1.services(service).fetch()
        senders = client.messaging.v1.services(service).channel_senders.list(limit=MOST_SENDERS)
    except Exception as error:
        if getattr(error, "status", None) == NOT_FOUND:
            return False
        raise
    return any(one.sender == sender for one in senders)
