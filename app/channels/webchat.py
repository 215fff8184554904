from app.channels.channel import Channel

# The live chat on the business's own site (app/webchat). What staff write is a row that the
# visitor's panel fetches.
CHANNEL = Channel(
    key="webchat",
    label="Live chat",
    provider="webchat",
    address_form="scoped",
    icon="fa-commenting",
    order=4,
    max_length=4000,
    followed=False,
    is_asked=False,
    reminds=False,
    segments_a_second=lambda sender: 1000.0,
    attachments=frozenset({"image/png", "image/jpeg", "image/gif", "application/pdf"}),
)
