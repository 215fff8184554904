"""Which received files a browser may show; anything else is only ever downloaded."""

# No SVG and no HTML: they run scripts in our origin.
SHOWN = {
    b"\x89PNG\r\n\x1a\n": "image/png",
    b"\xff\xd8\xff": "image/jpeg",
    b"GIF87a": "image/gif",
    b"GIF89a": "image/gif",
}
# What browsers play; of an MPEG-4 file with sound alone the fifth byte is where its type begins.
SOUNDS = {
    b"OggS": "audio/ogg",
    b"ID3": "audio/mpeg",
    b"\xff\xfb": "audio/mpeg",
    b"\xff\xf3": "audio/mpeg",
}
M4A, WAVE = "audio/mp4", "audio/wav"

WEBP = "image/webp"
UNKNOWN = "application/octet-stream"


def is_picture(content_type: str) -> bool:
    """Whether a browser may and can show what is of this type."""
    return content_type in {*SHOWN.values(), WEBP}


def is_sound(content_type: str) -> bool:
    """Whether a browser plays what is of this type."""
    return content_type in {*SOUNDS.values(), M4A, WAVE}


def kept_as(content_type: str, content: bytes) -> str:
    """The type under which a received file is kept: a page shows no picture whose bytes are
    something else."""
    # WhatsApp's voice notes come as audio/ogg; codecs=opus.
    plain = content_type.partition(";")[0].strip().lower()
    known = shown_as(content) or played_as(content, plain)
    return known or (UNKNOWN if is_picture(plain) or is_sound(plain) else content_type)


def shown_as(content: bytes) -> str | None:
    """The type under which a browser may show it, by its first bytes; None: download it."""
    if content[:4] == b"RIFF" and content[8:12] == b"WEBP":
        return WEBP
    return next((kind for magic, kind in SHOWN.items() if content.startswith(magic)), None)


def played_as(content: bytes, said: str) -> str | None:
    """The type under which a page may play it, by its first bytes; said: the type that it came as,
    as a film begins like a voice note. None: download it."""
    if not said.startswith("audio/"):
        return None
    if content[4:8] == b"ftyp":
        return M4A
    if content[:4] == b"RIFF" and content[8:12] == b"WAVE":
        return WAVE
    return next((kind for magic, kind in SOUNDS.items() if content.startswith(magic)), None)
