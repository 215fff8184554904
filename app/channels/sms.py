from app.channels.channel import Channel
from app.lib.telephone.phone import is_toll_free


def segments_a_second(sender: str) -> float:
    """Segments a second (Twilio, “Understanding Twilio Rate Limits and Message Queues”)."""
    if not sender.startswith("+"):
        return 10.0
    return 3.0 if is_toll_free(sender) else 1.0


CHANNEL = Channel(
    key="sms",
    label="SMS",
    provider="twilio",
    address_form="phone",
    icon="fa-mobile",
    order=1,
    billed_by_segment=True,
    segments_a_second=segments_a_second,
    attachments=frozenset({"image/png", "image/jpeg", "image/gif"}),
)
