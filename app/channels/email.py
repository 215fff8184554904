from app.channels.channel import Channel

CHANNEL = Channel(
    key="email",
    label="Email",
    provider="smtp",
    address_form="email",
    icon="fa-envelope",
    order=3,
    max_length=100_000,
    has_subject=True,
    two_way=False,
    followed=False,
    attachments=frozenset({"image/png", "image/jpeg", "image/gif", "application/pdf"}),
    is_markup=True,
)
