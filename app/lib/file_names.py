"""What a received file is called: as its sender named it, with the ending of its type."""

import re
import unicodedata

# https://www.twilio.com/docs/messaging/guides/accepted-mime-types, and what WhatsApp takes besides.
ENDINGS = {
    "application/msword": "doc",
    "application/pdf": "pdf",
    "application/vnd.ms-excel": "xls",
    "application/vnd.ms-powerpoint": "ppt",
    "application/vnd.openxmlformats-officedocument.presentationml.presentation": "pptx",
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet": "xlsx",
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document": "docx",
    "application/zip": "zip",
    "audio/3gpp": "3gp",
    "audio/aac": "aac",
    "audio/amr": "amr",
    "audio/mp4": "m4a",
    "audio/mpeg": "mp3",
    "audio/ogg": "ogg",
    "audio/wav": "wav",
    "image/bmp": "bmp",
    "image/gif": "gif",
    "image/heic": "heic",
    "image/heif": "heif",
    "image/jpeg": "jpg",
    "image/png": "png",
    "image/svg+xml": "svg",
    "image/tiff": "tiff",
    "image/webp": "webp",
    "message/rfc822": "eml",
    "text/calendar": "ics",
    "text/csv": "csv",
    "text/directory": "vcf",
    "text/plain": "txt",
    "text/rtf": "rtf",
    "text/vcard": "vcf",
    "text/x-vcard": "vcf",
    "video/3gpp": "3gp",
    "video/mp4": "mp4",
    "video/quicktime": "mov",
}
# Of any other type nobody knows what a computer would do with it.
UNKNOWN = "bin"
ALSO = {"jpg": ("jpeg",), "tiff": ("tif",), "heic": ("heif",), "ogg": ("oga", "opus")}
NOUNS = {"image": "Picture", "audio": "Voice note", "video": "Video", "message": "Email"}
CARD, OTHER = "Contact card", "Attachment"
LONGEST = 100
# What no file system, or not each, takes in a name.
RESERVED = re.compile(r'[<>:"|?*]')


def noun(content_type: str) -> str:
    """What it is, in a word or two."""
    card = ending(content_type) == "vcf"
    return CARD if card else NOUNS.get(content_type.partition("/")[0].lower(), OTHER)


def ending(content_type: str) -> str:
    return ENDINGS.get(content_type.partition(";")[0].strip().lower(), UNKNOWN)


def cleaned(name: str) -> str:
    """A name that somebody gave: no path, and nothing that is not seen or turns the direction of
    what is read; empty where nothing is left."""
    last = re.split(r"[/\\]", unicodedata.normalize("NFC", name))[-1]
    seen = "".join(" " if each.isspace() else each for each in last if _is_seen(each))
    return RESERVED.sub("_", " ".join(seen.split())).strip(". ")[:LONGEST]


def _is_seen(character: str) -> bool:
    return character.isspace() or unicodedata.category(character)[0] not in "CZ"


def said(text: str, content_type: str) -> str:
    """The name in a text that is nothing else, as WhatsApp gives a document's; else empty."""
    line = text.strip()
    is_name = len(line) <= LONGEST and "\n" not in line and _ends_well(line, content_type)
    return cleaned(line) if is_name else ""


def whole(name: str, content_type: str, number: int) -> str:
    """What a file is saved as: the name that it was given, else what it is and its number."""
    given = name or f"{noun(content_type)} {number}"
    return given if _ends_well(given, content_type) else f"{given}.{ending(content_type)}"


def _ends_well(name: str, content_type: str) -> bool:
    proper = ending(content_type)
    stem, dot, last = name.rpartition(".")
    return bool(stem and dot) and last.lower() in (proper, *ALSO.get(proper, ()))
