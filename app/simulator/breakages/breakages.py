"""What can be broken of a template and of a receiver, and what is broken of all that there is."""

from collections.abc import Iterator

from app.simulator.breakages.breakage import Breakage, holds
from app.simulator.breakages.of_number import OF_NUMBER
from app.simulator.simulator import Simulator

OF_TEMPLATE = {
    "template_rejected": Breakage(
        "Rejected",
        "WhatsApp takes nothing made from it",
        {"approval": "rejected", "rejection_reason": "It reads like an advertisement."},
        ("refused_templates",),
    ),
    "template_paused": Breakage(
        "Paused",
        "people reported it; what it stood in for does not go by WhatsApp at any time",
        {"approval": "paused"},
        ("refused_templates", "whatsapp_templates"),
    ),
}
OF_RECEIVER = {
    "receiver_broken": Breakage(
        "Has broken down", "it answers 500 to webhooks", {"manner": "error"}, ("webhooks",)
    ),
    "receiver_gone": Breakage(
        "Wants to hear no more",
        "it answers 410: a rule that calls it turns itself off when it is set off again",
        {"manner": "gone"},
        ("webhooks", "rules_off"),
    ),
}


def broken(sim: Simulator) -> Iterator[str]:
    """The labels of what is broken of numbers, templates and receivers; what all share are
    faults."""
    for number in list(sim.state.numbers.values()):
        yield from (each.label for each in OF_NUMBER.values() if holds(each, number))
    for content in list(sim.state.contents.values()):
        yield from (each.label for each in OF_TEMPLATE.values() if holds(each, content))
    for receiver in sim.state.receivers.all():
        yield from (each.label for each in OF_RECEIVER.values() if holds(each, receiver))
