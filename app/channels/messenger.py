from datetime import timedelta

from app.channels.channel import Channel


def utf16_units(text: str) -> int:
    """As Meta counts characters."""
    return len(text.encode("utf-16-le")) // 2


# Free text within 24 hours after the customer's last message, and what a person typed within seven
# days; a piece of less than 2,000 characters
# (https://developers.facebook.com/documentation/business-messaging/messenger-platform/send-messages).
CHANNEL = Channel(
    key="messenger",
    label="Messenger",
    provider="meta",
    address_form="scoped",
    icon="fa-facebook",
    order=5,
    max_length=8000,
    length=utf16_units,
    longest_piece=1999,
    is_asked=False,
    attachments=frozenset({"image/png", "image/jpeg", "image/gif", "application/pdf"}),
    # 300 texts a second and page; files count more.
    segments_a_second=lambda sender: 40.0,
    session_window=timedelta(hours=24),
    human_window=timedelta(days=7),
    has_templates=True,
    stand_ins=("sms", "email"),
    answers_one=True,
)
