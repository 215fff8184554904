"""What can be broken of a business's number; what stood in its fields before is kept with it."""

from app.simulator.breakages.breakage import Breakage

# Nobody has such a name (RFC 2606).
ELSEWHERE = "https://old-system.example"

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
    "rcs_offline": Breakage(
        "RCS sender offline",
        "its texts go by SMS alone",
        {"rcs_status": "OFFLINE"},
        ("rcs_sender",),
    ),
    "whatsapp_low": Breakage(
        "Low quality on WhatsApp",
        "people block it",
        {"whatsapp_quality": "LOW"},
        ("whatsapp_sender",),
    ),
}
