from datetime import timedelta

from app.channels.channel import Channel

# Free text only within 24 hours after the customer's last message (Twilio, error 63016).
CHANNEL = Channel(
    key="whatsapp",
    label="WhatsApp",
    provider="twilio",
    address_form="phone",
    icon="fa-whatsapp",
    order=2,
    prefix="whatsapp:",
    attachments=frozenset({"image/png", "image/jpeg", "application/pdf"}),
    # Messages a second (Twilio; 400 on request).
    segments_a_second=lambda sender: 80.0,
    session_window=timedelta(hours=24),
    has_ids=True,
    has_templates=True,
    picks_templates=True,
)
