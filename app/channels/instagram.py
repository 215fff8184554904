from datetime import timedelta

from app.channels.channel import Channel


def utf8_bytes(text: str) -> int:
    """As Instagram counts a text."""
    return len(text.encode())


# As of Messenger, but a piece of 1,000 bytes at most, and nothing automatic after the 24 hours
# (https://developers.facebook.com/docs/instagram-platform/instagram-api-with-instagram-login/messaging-api).
CHANNEL = Channel(
    key="instagram",
    label="Instagram",
    provider="meta",
    address_form="scoped",
    icon="fa-instagram",
    order=6,
    max_length=4000,
    length=utf8_bytes,
    longest_piece=1000,
    is_asked=False,
    attachments=frozenset({"image/png", "image/jpeg", "image/gif", "application/pdf"}),
    segments_a_second=lambda sender: 40.0,
    session_window=timedelta(hours=24),
    human_window=timedelta(days=7),
    stand_ins=("sms", "email"),
    answers_one=True,
)
