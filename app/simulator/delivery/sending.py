"""A business sends: the message is accepted, and its delivery begins."""

import time
from dataclasses import replace

from app.simulator.delivery import charged_parts, on_its_way
from app.simulator.rcs import carrying
from app.simulator.rcs.services import Service
from app.simulator.records import Message, Number, new_sid
from app.simulator.rest import contents
from app.simulator.rest.draft import Draft
from app.simulator.rest.refusals import TwilioError
from app.simulator.simulator import Simulator

WINDOW = 24 * 3600


def accept(sim: Simulator, account_sid: str, draft: Draft) -> Message:
    """Raises TwilioError where Twilio refuses at once. What the channel refuses is accepted,
    and fails later."""
    now = time.time()
    addressed, draft = draft, replace(draft, phone=sim.state.telephone(draft.phone))
    if sim.dice.strikes(sim.faults.account_suspended):
        raise TwilioError(20005, status=403)
    rejection = sim.faults.reject.get(draft.phone)
    if rejection and 21000 <= rejection < 22000:
        raise TwilioError(rejection, draft.phone)
    # A service chooses later.
    chosen = draft.business
    service = carrying.service_of(sim, account_sid, draft)
    draft = carrying.carried(sim, draft, service)
    business = draft.business or _pick_sender(sim, account_sid, draft)
    if draft.channel != "whatsapp" and _stopped(sim, draft, business):
        raise TwilioError(21610)
    if draft.channel != "rcs":
        _register(sim, account_sid, business, now)
        _refuse_broken(sim.state.numbers[business], draft)
    body, unfilled = contents.rendered(sim.state, draft)
    message = Message(
        sid=new_sid("MM" if draft.media_urls or draft.content_sid else "SM"),
        account_sid=account_sid,
        direction="outbound-api",
        channel=draft.channel,
        business=business,
        phone=draft.phone,
        body=body,
        status="queued" if chosen else "accepted",
        created=now,
        updated=now,
        segments=charged_parts.count(body),
        messaging_service_sid=draft.service,
        content_sid=draft.content_sid,
        status_callback=draft.status_callback,
        media_urls=list(draft.media_urls),
        actions=contents.buttons(sim.state, draft),
        fallback=_falls_back_to(draft, service),
        fallback_body=body if service else "",
        doom=rejection
        or unfilled
        or _of_template(sim, draft)
        or _outside_window(sim, draft, business, now)
        or _filtered(sim),
        listed_from=now + sim.faults.list_lag_seconds,
        by_id=draft.phone != addressed.phone,
    )
    return _send_off(sim, message)


def reply(sim: Simulator, to: Message, body: str, media_urls: list[str], callback: str) -> None:
    """What a webhook answered in TwiML goes back to the telephone."""
    blocked = to.channel == "sms" and (to.business, to.phone) in sim.state.opted_out
    message = _answer(to, body)
    message.sid = new_sid("MM" if media_urls else "SM")
    message.media_urls, message.status_callback = media_urls, callback or None
    message.doom = 21610 if blocked else sim.faults.reject.get(to.phone)
    _send_off(sim, message)


def say_as_twilio(sim: Simulator, to: Message, body: str) -> None:
    """Twilio's own word on the telephone; no business sent it, no API lists it."""
    message = _answer(to, body)
    message.from_twilio, message.status = True, "delivered"
    sim.state.record("message", message.json())


def _answer(to: Message, body: str) -> Message:
    now = time.time()
    return Message(
        sid=new_sid("SM"),
        account_sid=to.account_sid,
        direction="outbound-reply",
        channel=to.channel,
        business=to.business,
        phone=to.phone,
        body=body,
        status="queued",
        created=now,
        updated=now,
        segments=charged_parts.count(body),
        by_id=to.by_id,
    )


def _send_off(sim: Simulator, message: Message) -> Message:
    """Answers with the message as it was accepted, however soon it moves on."""
    with sim.state.lock:
        sim.state.record("message", message.json())
        on_its_way.schedule(sim, message)
    return message


def _stopped(sim: Simulator, draft: Draft, business: str) -> bool:
    """Who stopped a service's number or its sender has stopped both."""
    senders = {business, draft.fallback}
    return any((each, draft.phone) in sim.state.opted_out for each in senders if each)


def _falls_back_to(draft: Draft, service: Service | None) -> str:
    """Where RCS carries it and may give up; whoever addresses it to rcs: wants nothing else."""
    if service is None or draft.channel != "rcs" or draft.rcs_only:
        return ""
    return draft.fallback or service.number


def _register(sim: Simulator, account_sid: str, business: str, now: float) -> None:
    if business not in sim.state.numbers:
        sim.put_number(business, now, account_sid=account_sid)


def _refuse_broken(number: Number, draft: Draft) -> None:
    """Raises TwilioError for a number that cannot be written from, or not now."""
    if number.queue_full:
        raise TwilioError(21611, number.number)
    if number.gone or (draft.channel == "sms" and not number.can_sms):
        raise TwilioError(21606, number.number)
    if draft.channel == "whatsapp" and number.whatsapp_status != "ONLINE":
        raise TwilioError(63007, number.number)


def _of_template(sim: Simulator, draft: Draft) -> int | None:
    """What WhatsApp has not approved it does not take, which it says later.
    https://www.twilio.com/docs/api/errors/63041"""
    content = sim.state.contents.get(draft.content_sid or "")
    waits = content is not None and content.approval != "approved"
    return 63041 if waits and draft.channel == "whatsapp" else None


def _filtered(sim: Simulator) -> int | None:
    return 30007 if sim.dice.strikes(sim.faults.carriers_filter) else None


def _pick_sender(sim: Simulator, account_sid: str, draft: Draft) -> str:
    """A messaging service keeps the sender that this telephone already knows.
    https://www.twilio.com/docs/messaging/services#sticky-sender"""
    with sim.state.lock:
        for message in reversed(sim.state.by_phone.get(draft.phone, [])):
            if message.channel == draft.channel and message.account_sid == account_sid:
                return message.business
        own = [n for n in sim.state.numbers.values() if n.account_sid == account_sid]
    if not own:
        raise TwilioError(21703)
    return next((n.number for n in own if n.url(draft.channel)), own[0].number)


def _outside_window(sim: Simulator, draft: Draft, business: str, now: float) -> int | None:
    """Free text reaches WhatsApp within 24 hours of the user's last message, a template always.
    https://www.twilio.com/docs/api/errors/63016"""
    if draft.channel != "whatsapp" or draft.content_sid:
        return None
    last = sim.state.last_whatsapp_in.get((business, draft.phone))
    return None if last is not None and now - last <= WINDOW else 63016
