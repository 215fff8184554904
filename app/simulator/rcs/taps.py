"""A button under a message is tapped on a telephone."""

from app.simulator.records import Json, Message
from app.simulator.simulator import Simulator
from app.simulator.telephones import inbound

ANSWER = "QUICK_REPLY"


def tap(sim: Simulator, phone: str, sid: str, label: str, base_url: str) -> Message:
    """Tell the business, as Twilio does: also of a button that opens a page or a telephone, if it
    has an id. https://www.twilio.com/docs/content/twiliocard Raises ValueError."""
    message = sim.state.messages.get(sid)
    if message is None or message.phone != phone:
        raise ValueError("there is no such message on this telephone")
    action = next((each for each in message.actions if each["title"] == label), None)
    if action is None:
        raise ValueError(f"the message has no button {label!r}")
    return _told(sim, message, action, base_url)


def _told(sim: Simulator, message: Message, action: Json, base_url: str) -> Message:
    return inbound.receive(
        sim,
        message.phone,
        message.business,
        "rcs",
        str(action["title"]),
        (),
        base_url,
        button=str(action.get("id") or ""),
        unseen=action["type"] != ANSWER,
    )
