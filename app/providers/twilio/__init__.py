"""Twilio: carries SMS and WhatsApp. The only code that knows its SDK, its words and its codes."""

from app.providers.twilio.inbound import channel_of, received
from app.providers.twilio.provider import TwilioProvider
from app.providers.twilio.signature import signed
from app.providers.twilio.status import status_report

__all__ = ["TwilioProvider", "channel_of", "received", "signed", "status_report"]
