"""Twilio: carries SMS and WhatsApp. The only code that knows its SDK, its words and its codes."""

from app.providers.twilio import twiml
from app.providers.twilio.addresses import channel_of
from app.providers.twilio.call_report import call_report, key_pressed
from app.providers.twilio.inbound import received
from app.providers.twilio.message_states import status_report
from app.providers.twilio.provider import TwilioProvider
from app.providers.twilio.signature import signed

__all__ = [
    "TwilioProvider",
    "call_report",
    "channel_of",
    "key_pressed",
    "received",
    "signed",
    "status_report",
    "twiml",
]
