"""What can be broken: of a number, a template, a receiver, and of all that everybody shares.

A breakage is a name, and the fields that have other values as long as it lasts. What stood in a
number's fields before is kept with the number.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from app.simulator.simulator import Simulator

# Nobody has such a name (RFC 2606).
ELSEWHERE = "https://old-system.example"


@dataclass(frozen=True, slots=True)
class Breakage:
    label: str
    hint: str
    """What the product then meets."""
    fields: Mapping[str, Any]
    checks: tuple[str, ...] = ()
    """Of the product's checks those that say so; none: nobody does, and messages go on."""


OF_NUMBER = {
    "number_gone": Breakage(
        "Number gone",
        "it is in the account no more, and sends nothing; on an account of its own the business"
        " loses it",
        {"gone": True},
        ("twilio_numbers", "sender_numbers"),
    ),
    "queue_full": Breakage(
        "Takes no message for now",
        "its queue at Twilio is full (21611): send a message, which is given up on after a quarter"
        " of an hour",
        {"queue_full": True},
        ("parked",),
    ),
    "no_texts": Breakage(
        "No texts", "it cannot carry SMS", {"can_sms": False}, ("number_abilities",)
    ),
    "no_pictures": Breakage(
        "No pictures", "it cannot carry MMS", {"can_mms": False}, ("number_abilities",)
    ),
    "no_calls": Breakage(
        "No calls", "it cannot carry calls", {"can_voice": False}, ("number_abilities",)
    ),
    "urls_changed": Breakage(
        "Webhook addresses changed",
        "messages and calls are told another system",
        {
            "sms_url": f"{ELSEWHERE}/sms",
            "whatsapp_url": f"{ELSEWHERE}/whatsapp",
            "fallback_url": f"{ELSEWHERE}/fallback",
            "voice_url": f"{ELSEWHERE}/voice",
            "status_callback": f"{ELSEWHERE}/status",
        },
        ("twilio_webhooks",),
    ),
    "urls_empty": Breakage(
        "Webhook addresses empty",
        "nobody is told of texts and calls",
        {"sms_url": "", "fallback_url": "", "voice_url": "", "status_callback": ""},
        ("twilio_webhooks",),
    ),
    "whatsapp_gone": Breakage(
        "No sender on WhatsApp",
        "the number is none any more",
        {"whatsapp_url": ""},
        ("twilio_numbers",),
    ),
    "whatsapp_offline": Breakage(
        "Offline on WhatsApp",
        "WhatsApp takes nothing from it",
        {"whatsapp_status": "OFFLINE"},
        ("whatsapp_sender",),
    ),
    "whatsapp_low": Breakage(
        "Low quality on WhatsApp",
        "people block it",
        {"whatsapp_quality": "LOW"},
        ("whatsapp_sender",),
    ),
}
OF_TEMPLATE = {
    "template_rejected": Breakage(
        "Rejected",
        "WhatsApp takes nothing made from it",
        {"approval": "rejected", "rejection_reason": "It reads like an advertisement."},
        ("refused_templates",),
    ),
    "template_paused": Breakage(
        "Paused", "people reported it", {"approval": "paused"}, ("refused_templates",)
    ),
}
OF_RECEIVER = {
    "receiver_broken": Breakage(
        "Has broken down", "it answers 500 to webhooks", {"manner": "error"}, ("webhooks",)
    ),
}
OF_ALL = {
    "token_replaced": Breakage(
        "Auth token replaced",
        "HTTP 401 to everything that is asked",
        {"token_replaced": 1.0},
        ("twilio_sign_in",),
    ),
    "account_suspended": Breakage(
        "Account suspended",
        "it sends nothing (20005): send a message",
        {"account_suspended": 1.0},
        ("sender_paused",),
    ),
    "carriers_filter": Breakage(
        "Carriers filter everything",
        "each message fails with 30007",
        {"carriers_filter": 1.0},
        ("delivery",),
    ),
    "signed_elsewhere": Breakage(
        "Signed for another address",
        "what customers write is signed for http in place of https, or the other way round",
        {"signed_elsewhere": 1.0},
        ("signatures",),
    ),
    "no_callbacks": Breakage(
        "No delivery reports", "no status callback is sent", {"drop_callbacks": 1.0}
    ),
    "mail_no_sign_in": Breakage(
        "Mail server lets nobody in",
        "535, though the password is right",
        {"mail_no_sign_in": 1.0},
        ("mail_server",),
    ),
    "mail_turned_away": Breakage(
        "Mail server turns all away",
        "421 instead of a greeting",
        {"mail_turned_away": 1.0},
        ("mail_server",),
    ),
    "mail_refused": Breakage(
        "Mail server takes no email",
        "554: enter another mailbox for answers under Setup, Business, whose link is refused",
        {"mail_refused": 1.0},
        ("email_answers",),
    ),
    "imap_no_sign_in": Breakage(
        "Mailboxes let nobody in",
        "their password is changed; it is told after a quarter of an hour",
        {"imap_no_sign_in": 1.0},
        ("mailbox",),
    ),
    "no_spf": Breakage(
        "No SPF record",
        "the domain of emails names no mail server",
        {"dns_no_spf": 1.0},
        ("email_domain",),
    ),
    "no_dkim": Breakage(
        "No DKIM key", "emails cannot be verified", {"dns_no_dkim": 1.0}, ("email_domain",)
    ),
    "no_dmarc": Breakage(
        "No DMARC record",
        "the domain does not say what it wants",
        {"dns_no_dmarc": 1.0},
        ("email_domain",),
    ),
}


def holds(breakage: Breakage, thing: Any) -> bool:
    """Whether it is broken so."""
    return all(getattr(thing, name) == value for name, value in breakage.fields.items())


def broken(sim: Simulator) -> Iterator[str]:
    """The labels of what is broken of numbers, templates and receivers; what all share are
    faults."""
    for number in list(sim.state.numbers.values()):
        yield from (each.label for each in OF_NUMBER.values() if holds(each, number))
    for content in list(sim.state.contents.values()):
        yield from (each.label for each in OF_TEMPLATE.values() if holds(each, content))
    for receiver in sim.state.receivers.all():
        yield from (each.label for each in OF_RECEIVER.values() if holds(each, receiver))
