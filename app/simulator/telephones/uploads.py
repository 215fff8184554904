"""Pictures, documents and voice notes that a telephone sends."""

from dataclasses import dataclass
from pathlib import Path

from app.simulator.records import Media, new_sid

# https://www.twilio.com/docs/messaging/guides/accepted-mime-types
LARGEST = 5 * 1024 * 1024
MOST = 10
FTYP = {b"heic": "image/heic", b"mif1": "image/heic", b"M4A ": "audio/mp4", b"isom": "video/mp4"}


@dataclass(frozen=True, slots=True)
class Upload:
    content_type: str
    data: bytes
    name: str = ""


def read(data: bytes, name: str = "") -> Upload:
    """The content decides the type, not its name. Raises ValueError that says what may come."""
    kind = _kind(data)
    if kind is None:
        raise ValueError(f"{name or 'The file'} is no PNG, JPEG, GIF, WebP, HEIC, PDF or sound")
    if len(data) > LARGEST:
        raise ValueError(f"{name or 'The file'} is over 5 MB")
    return Upload(kind, data, name[:120])


def keep(directory: Path, upload: Upload) -> Media:
    media = Media(new_sid("ME"), upload.content_type, upload.name)
    directory.mkdir(mode=0o700, parents=True, exist_ok=True)
    (directory / media.sid).write_bytes(upload.data)
    return media


def _kind(data: bytes) -> str | None:
    if data[:4] == b"RIFF" and data[8:12] == b"WEBP":
        return "image/webp"
    if data[:4] == b"RIFF" and data[8:12] == b"WAVE":
        return "audio/wav"
    if data[4:8] == b"ftyp":
        return FTYP.get(data[8:12])
    starts = {
        b"\x89PNG\r\n\x1a\n": "image/png",
        b"\xff\xd8\xff": "image/jpeg",
        b"GIF87a": "image/gif",
        b"GIF89a": "image/gif",
        b"%PDF-": "application/pdf",
        b"OggS": "audio/ogg",
        b"ID3": "audio/mpeg",
        b"#!AMR": "audio/amr",
    }
    return next((kind for start, kind in starts.items() if data.startswith(start)), None)
