"""Somebody writes from a telephone: the message is kept, then told to the business's webhook."""

import time
from collections.abc import Callable, Sequence
from dataclasses import replace

from app.simulator.addresses import Channel
from app.simulator.delivery import charged_parts, sending, webhooks
from app.simulator.rcs import services
from app.simulator.records import Message, new_sid
from app.simulator.simulator import Simulator
from app.simulator.telephones import inbound_fields, keywords, twiml
from app.simulator.telephones.uploads import Upload, keep

PENDING = "pending"
DELIVERED = "delivered"
NOWHERE = ("", "", "POST")


def receive(
    sim: Simulator,
    phone: str,
    business: str,
    channel: Channel,
    body: str,
    uploads: Sequence[Upload],
    base_url: str,
    button: str = "",
    unseen: bool = False,
) -> Message:
    """Take what a telephone sends. base_url is where the product can fetch the pictures; button is
    the id of the one that was tapped, and unseen whether the telephone shows nothing of that."""
    now = time.time()
    message = Message(
        sid=new_sid("MM" if uploads else "SM"),
        account_sid=_account(sim, business, channel, now),
        direction="inbound",
        channel=channel,
        business=business,
        phone=phone,
        body=body,
        status="received",
        created=now,
        updated=now,
        sent=now,
        segments=charged_parts.count(body),
        media=[keep(sim.state.media_directory, upload) for upload in uploads],
        listed_from=now + sim.faults.list_lag_seconds,
        webhook=PENDING,
        base_url=base_url,
        button=button,
        unseen=unseen,
        by_id=channel == "whatsapp" and _hidden(sim, phone),
    )
    sim.state.record("message", message.json())
    if channel != "whatsapp":
        _obey_keyword(sim, message)
    sim.scheduler.post(_delivery(sim, message.sid), urgent=True)
    return sim.state.messages.get(message.sid, message)


def _hidden(sim: Simulator, phone: str) -> bool:
    known = sim.state.phones.get(phone)
    return known is not None and known.hidden


def _account(sim: Simulator, business: str, channel: Channel, now: float) -> str:
    if channel == "rcs":
        service = services.of_sender(sim.state, business)
        return service.account_sid if service else sim.settings.account_sid
    return (sim.state.numbers.get(business) or sim.put_number(business, now)).account_sid


def resume(sim: Simulator) -> None:
    """After a restart: tell the webhooks what they had not been told."""
    for message in sim.state.order:
        if message.inbound and message.webhook == PENDING:
            sim.scheduler.post(_delivery(sim, message.sid), urgent=True)


def _obey_keyword(sim: Simulator, message: Message) -> None:
    """STOP blocks this pair and START frees it, with an answer only where that changes
    something; the word still reaches the webhook.
    https://help.twilio.com/articles/223134027"""
    meaning = keywords.meaning(message.body)
    if meaning is None:
        return
    whose = [message.business]
    if message.channel == "rcs" and (service := services.of_sender(sim.state, message.business)):
        # STOP holds for all that the service sends by.
        whose.append(service.number)
    with sim.state.lock:
        stopped = (message.business, message.phone) in sim.state.opted_out
        if (meaning == "stop" and stopped) or (meaning == "start" and not stopped):
            return
        if meaning != "help":
            for each in whose:
                pair = {"business": each, "phone": message.phone}
                sim.state.record("opt_out" if meaning == "stop" else "opt_in", pair)
    sending.say_as_twilio(sim, message, keywords.ANSWERS[meaning])


def _delivery(sim: Simulator, sid: str) -> Callable[[], None]:
    def deliver() -> None:
        message = sim.state.messages.get(sid)
        if message is None:
            return
        outcome = _call_webhooks(sim, message)
        replies: list[twiml.Reply] = []
        if outcome.ok:
            outcome, replies = twiml.read(outcome)
        sim.state.change(message, webhook=outcome.problem or DELIVERED)
        for reply in replies:
            sending.reply(sim, message, reply.body, reply.media_urls, reply.status_callback)

    return deliver


def _call_webhooks(sim: Simulator, message: Message) -> webhooks.Outcome:
    """The number's webhook, and where that fails its fallback, told what went wrong.
    https://www.twilio.com/docs/usage/security/availability-reliability"""
    url, fallback_url, method = _addresses(sim, message)
    if not url:
        return webhooks.Outcome("no webhook URL is set for this number", 21600)
    form = inbound_fields.fields(sim.state, message)
    token = sim.settings.tokens.get(message.account_sid, "")
    astray = sim.dice.strikes(sim.faults.signed_elsewhere)
    post = webhooks.Post(url, form, token, method=method, signed_elsewhere=astray)
    outcome = webhooks.send(post)
    if outcome.ok or not fallback_url:
        return outcome
    trouble = {"ErrorCode": str(outcome.code), "ErrorUrl": url.partition("#")[0]}
    return webhooks.send(replace(post, url=fallback_url, form={**form, **trouble}))


def _addresses(sim: Simulator, message: Message) -> tuple[str, str, str]:
    """What is called, what is called where that fails, and by which method."""
    if message.channel == "rcs":
        service = services.of_sender(sim.state, message.business)
        return (service.callback_url, service.fallback_url, service.method) if service else NOWHERE
    number = sim.state.numbers.get(message.business)
    return (number.url(message.channel), number.fallback_url, "POST") if number else NOWHERE
