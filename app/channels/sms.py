from app.channels.base import Channel

CHANNEL = Channel(
    key="sms",
    label="SMS",
    provider="twilio",
    address_form="phone",
    icon="fa-mobile",
    order=1,
    billed_by_segment=True,
    attachments=frozenset({"image/png", "image/jpeg", "image/gif"}),
)
