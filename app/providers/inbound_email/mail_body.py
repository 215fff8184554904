"""What an email says and what hangs on it, apart."""

from dataclasses import dataclass

from app.lib.mail.quotes import unflowed
from app.providers.contract import File
from app.providers.inbound_email.charsets import decoded
from app.providers.inbound_email.parts import Part, leaves

# Of one part of text; beyond it, it is a file.
LONGEST_TEXT = 1024 * 1024


@dataclass(frozen=True)
class Body:
    text: str
    html: str
    files: tuple[File, ...]


def body(whole: Part) -> Body:
    """Raises Unreadable."""
    found = leaves(whole)
    files = [leaf for leaf in found if leaf.is_file or len(leaf.body) > LONGEST_TEXT]
    written = [leaf for leaf in found if leaf not in files]
    return Body(
        text="\n".join(_plain(leaf) for leaf in written if leaf.content_type == "text/plain"),
        html="\n".join(_text(leaf) for leaf in written if leaf.content_type == "text/html"),
        files=tuple(map(file_of, files)),
    )


def file_of(leaf: Part) -> File:
    return File(leaf.content_type, leaf.content(), leaf.file_name, leaf.content_id)


def _plain(leaf: Part) -> str:
    text = _text(leaf)
    if leaf.parameter("format").lower() != "flowed":
        return text
    return unflowed(text, leaf.parameter("delsp").lower() == "yes")


def _text(leaf: Part) -> str:
    return decoded(leaf.content(), leaf.charset).replace("\r\n", "\n")
