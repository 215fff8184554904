"""Pictures and files that staff send along: checked, kept, and shown to the carrier."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from itsdangerous import BadSignature, URLSafeSerializer

from app.channels.channel import Channel
from app.extensions import settings
from app.lib.file_names import cleaned
from app.lib.safe_media import shown_as
from app.models import Media, Message
from app.outbox.refused import Refused

# What Twilio takes for MMS and WhatsApp alike.
# https://www.twilio.com/docs/messaging/guides/accepted-mime-types
MOST_FILES = 10
LARGEST = 5 * 1024 * 1024
PDF = b"%PDF-"


@dataclass(frozen=True)
class Upload:
    name: str
    content: bytes


@dataclass(frozen=True)
class Checked(Upload):
    kind: str
    """Its type, by its first bytes."""


def checked(channel: Channel, uploads: Sequence[Upload]) -> list[Checked]:
    """The files, if the channel takes them. Raises Refused."""
    if len(uploads) > MOST_FILES:
        raise Refused(f"At most {MOST_FILES} files go with one message.")
    if sum(len(upload.content) for upload in uploads) > LARGEST:
        raise Refused("The files are larger than 5 MB together. Send them smaller or one by one.")
    return [Checked(upload.name, upload.content, _kind(channel, upload)) for upload in uploads]


def kind_of(content: bytes) -> str:
    """The type of what can be sent at all, by its first bytes; empty: of anything else."""
    return shown_as(content) or ("application/pdf" if content.startswith(PDF) else "")


def _kind(channel: Channel, upload: Upload) -> str:
    kind = kind_of(upload.content)
    if kind not in channel.attachments:
        words = ", ".join(sorted(one.rpartition("/")[2].upper() for one in channel.attachments))
        raise Refused(f"“{upload.name}” cannot be sent by {channel.label}: it takes {words}.")
    return kind


def rows(files: Sequence[Checked], message: Message, now: datetime) -> list[Media]:
    """The files as rows of the message, which has its id."""
    return [
        Media(
            message_id=message.id,
            position=position,
            url="",
            name=cleaned(file.name),
            content_type=file.kind,
            content=file.content,
            state="stored",
            fetch_after=now,
        )
        for position, file in enumerate(files, 1)
    ]


def public_url(media_id: int) -> str:
    """Where the carrier fetches a file of ours; nobody else can guess it."""
    return f"{settings().public_url}/attachments/{_signer().dumps(media_id)}"


def named_by(token: str) -> int | None:
    """The id of the file whose public address it is; None for anything else."""
    try:
        media_id = _signer().loads(token)
    except BadSignature:
        return None
    return media_id if isinstance(media_id, int) else None


def _signer() -> URLSafeSerializer:
    return URLSafeSerializer(settings().secret_key, salt="attachment of an outbound message")
