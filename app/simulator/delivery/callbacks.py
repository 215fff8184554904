"""Status callbacks: what Twilio posts when a message has come one step further."""

from collections.abc import Callable

from app.simulator.addresses import whatsapp_user
from app.simulator.delivery import webhooks
from app.simulator.records import Message
from app.simulator.rest.refusals import text
from app.simulator.simulator import Simulator


def tell(sim: Simulator, message: Message) -> None:
    """Post the status that the message has now, unless a fault drops, doubles or delays it."""
    url, token = message.status_callback, sim.settings.tokens.get(message.account_sid)
    if url is None or token is None:
        return
    faults, dice = sim.faults, sim.dice
    post = _post(sim, message.sid, webhooks.Post(url, fields(message), token))
    if dice.strikes(faults.drop_callbacks):
        return
    if dice.strikes(faults.reorder_callbacks):
        _later(sim, post)
    else:
        sim.scheduler.post(post)
    if dice.strikes(faults.duplicate_callbacks):
        _later(sim, post)


def fields(message: Message) -> dict[str, str]:
    """https://www.twilio.com/docs/messaging/guides/outbound-message-status-in-status-callbacks"""
    form = {
        "AccountSid": message.account_sid,
        "ApiVersion": "2010-04-01",
        "From": message.from_,
        "MessageSid": message.sid,
        "MessageStatus": message.status,
        "SmsSid": message.sid,
        "SmsStatus": message.status,
        "To": message.to,
    }
    if message.messaging_service_sid:
        form["MessagingServiceSid"] = message.messaging_service_sid
    if message.error_code:
        form["ErrorCode"] = str(message.error_code)
    if message.channel == "whatsapp":
        form |= _whatsapp_fields(message)
    if message.channel == "rcs":
        form["ChannelPrefix"] = "rcs"
    return form


def _whatsapp_fields(message: Message) -> dict[str, str]:
    form = {
        "ChannelInstallSid": "XE" + message.account_sid[2:],
        "ChannelPrefix": "whatsapp",
        # Twilio hides the last four digits.
        "ChannelToAddress": message.person[:-4] + "XXXX",
    }
    if message.status == "sent":
        form["StructuredMessage"] = "false"
    if message.status in ("delivered", "read"):
        form["ExternalUserId"] = f"whatsapp:{whatsapp_user(message.phone)}"
    if message.error_code:
        form["ErrorMessage"] = form["ChannelStatusMessage"] = text(message.error_code)
    return form


def _later(sim: Simulator, post: Callable[[], None]) -> None:
    """Late enough for the next status to overtake it."""
    delay = max(sim.settings.status_delay, 0.02) * sim.dice.between(1.5, 4)
    sim.scheduler.after(delay, lambda: sim.scheduler.post(post))


def _post(sim: Simulator, sid: str, post: webhooks.Post) -> Callable[[], None]:
    def send() -> None:
        outcome = webhooks.send(post)
        trouble = "" if outcome.ok else outcome.problem
        with sim.state.lock:
            message = sim.state.messages.get(sid)
            if message is not None and message.webhook != trouble:
                sim.state.change(message, webhook=trouble)

    return send
