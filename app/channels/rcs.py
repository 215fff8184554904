from app.channels.channel import Channel

# What a Messaging Service of Twilio's tries before SMS: the customer's address, what they said of
# messages (STOP) and the number that it falls back to are those of SMS. The carrier decides which
# of the two carries a message, and says so afterwards (docs/adr/0028-rcs.md).
CHANNEL = Channel(
    key="rcs",
    label="RCS",
    provider="twilio",
    address_form="phone",
    icon="fa-comment",
    order=9,
    prefix="rcs:",
    carries="sms",
    attachments=frozenset({"image/png", "image/jpeg", "image/gif"}),
)
