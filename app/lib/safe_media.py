"""Which received files a browser may show; anything else is only ever downloaded."""

# No SVG and no HTML: they run scripts in our origin.
SHOWN = {
    b"\x89PNG\r\n\x1a\n": "image/png",
    b"\xff\xd8\xff": "image/jpeg",
    b"GIF87a": "image/gif",
    b"GIF89a": "image/gif",
}

WEBP = "image/webp"
UNKNOWN = "application/octet-stream"


def is_picture(content_type: str) -> bool:
    """Whether a browser may and can show what is of this type."""
    return content_type in {*SHOWN.values(), WEBP}


def kept_as(content_type: str, content: bytes) -> str:
    """The type under which a received file is kept: a page shows no picture whose bytes are
    something else."""
    shown = shown_as(content)
    return shown or (UNKNOWN if is_picture(content_type) else content_type)


def shown_as(content: bytes) -> str | None:
    """The type under which a browser may show it, by its first bytes; None: download it."""
    if content[:4] == b"RIFF" and content[8:12] == b"WEBP":
        return WEBP
    return next((kind for magic, kind in SHOWN.items() if content.startswith(magic)), None)
