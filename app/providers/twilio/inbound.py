"""Translates the fields of Twilio's webhooks for messages into a Received."""

import re
from collections.abc import Mapping

from app.channels.channel import Channel
from app.lib import reminder_buttons
from app.lib.telephone.phone import is_number
from app.lib.text.cleaning import clean, shows
from app.lib.text.places import SHARED, shared
from app.providers.contract import Attachment, BadRequest, Received
from app.providers.twilio import sids
from app.providers.twilio.webhook_fields import required, sid

MOST_ATTACHMENTS = 10
LONGEST_ADDRESS = 64
# WhatsApp's kinds that need not come with a text; of polls, events and the like it passes nothing
# on. https://developers.facebook.com/docs/whatsapp/cloud-api/webhooks/payload-examples
WHAT = {
    "sticker": "Sent a sticker",
    "contacts": "Sent a contact",
    "location": SHARED,
    "reaction": "Reacted to a message",
}
# A telephone number, which some have for a name: nobody is greeted by it.
NUMBER = re.compile(r"[\d\s+()./\u2010-\u2015-]{7,}")
CANNOT_BE_SHOWN = "Sent something that only their telephone shows. Ask what it was."


def received(channel: Channel, form: Mapping[str, str], account_sid: str) -> Received:
    """A message webhook that the account signed, in our words. Raises BadRequest naming what it
    lacks.

    Fields: https://www.twilio.com/docs/messaging/guides/webhook-request
    """
    attachments = _attachments(form, account_sid)
    return Received(
        sid=sid(form, "MessageSid", sids.MESSAGE),
        # Empty where the sender keeps it back.
        address=_address(channel, clean(form.get("From", "")).strip()),
        aliases=_aliases(channel, form),
        recipient=_address(channel, required(form, "To")),
        name=_name(form),
        body=_body(form),
        attachments=attachments,
        opt_out_type=form.get("OptOutType", ""),
        what=_what(form, bool(attachments)),
        quotes=_quotes(form),
        # Of WhatsApp's buttons the label is what people mean by them.
        tapped=reminder_buttons.read(form.get("ButtonPayload", "")) if channel.carries else None,
    )


def _address(channel: Channel, text: str) -> str:
    address = text.removeprefix(channel.prefix)
    if len(address) > LONGEST_ADDRESS:
        raise BadRequest("From or To is too long")
    return address


def _aliases(channel: Channel, form: Mapping[str, str]) -> tuple[str, ...]:
    if not channel.has_ids:
        return ()
    # The WhatsApp user id comes with and without the prefix, depending on the source.
    id_ = clean(form.get("ExternalUserId", "")).strip().removeprefix(channel.prefix)
    id_ = "" if id_.startswith("+") or len(id_) > LONGEST_ADDRESS else id_
    return tuple(each for each in (id_, _number_beside(channel, form)) if each)


def _number_beside(channel: Channel, form: Mapping[str, str]) -> str:
    """Of a message that came by their user id the number, where they show it; else empty."""
    by_number = form.get("From", "").removeprefix(channel.prefix).startswith("+")
    number = "" if by_number else "+" + form.get("WaId", "").strip()
    return number if is_number(number) else ""


def _name(form: Mapping[str, str]) -> str:
    """As their profile has it; empty where nobody would see anything of it, or a number."""
    name = clean(form.get("ProfileName", "")).strip()[:100]
    return name if shows(name) and not NUMBER.fullmatch(name) else ""


def _body(form: Mapping[str, str]) -> str:
    body = clean(form.get("Body", ""))
    if not body and "Latitude" in form and "Longitude" in form:
        return _location(form)
    return body


def _what(form: Mapping[str, str], attached: bool) -> str:
    kind = form.get("MessageType", "text")
    known = WHAT.get(kind, "")
    return known or ("" if attached or kind == "text" else CANNOT_BE_SHOWN)


def _quotes(form: Mapping[str, str]) -> str:
    """https://www.twilio.com/docs/whatsapp/api: only where they chose a message to reply to."""
    named = form.get("OriginalRepliedMessageSid", "")
    return named if sids.MESSAGE.fullmatch(named) else ""


def _location(form: Mapping[str, str]) -> str:
    named = [clean(form[field]) for field in ("Label", "Address") if form.get(field)]
    return shared(named, clean(form["Latitude"]), clean(form["Longitude"]))


def _attachments(form: Mapping[str, str], account_sid: str) -> tuple[Attachment, ...]:
    """Those that are not kept by the account come without their URL: nobody is to ask for them.

    The URLs that are there count, not how many NumMedia says: a message is never refused for it.
    """
    urls = (
        (number, clean(form.get(f"MediaUrl{number}", ""))) for number in range(MOST_ATTACHMENTS)
    )
    return tuple(
        Attachment(
            url if sids.media_path(url, account_sid) else "",
            clean(form.get(f"MediaContentType{number}", "")) or "application/octet-stream",
        )
        for number, url in urls
        if url
    )
