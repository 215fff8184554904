"""An email as it goes over the wire (RFC 5322, MIME)."""

from app.lib.mail.quotes import unflowed
from app.providers.contract import File, Received
from app.providers.inbound_email.charsets import decoded
from app.providers.inbound_email.mail import Mail, received, unreadable
from app.providers.inbound_email.parts import HEAD, Part, Unreadable, leaves, part

# Of one part of text; beyond it, it is a file.
LONGEST_TEXT = 1024 * 1024


def read(raw: memoryview, recipient: str = "", envelope: str | None = None) -> Received:
    """The email in our words. One that cannot be taken apart is kept as it came. Raises Unreadable
    where it has no head, and is no email at all."""
    known = head_alone(raw)
    try:
        mail = _mail(part(raw), recipient, envelope)
    except (Unreadable, RecursionError):
        return unreadable(bytes(raw), known.head)
    return received(mail)


def head_alone(raw: memoryview) -> Part:
    """As much of the head as is read, however much there is. Raises Unreadable: there is none."""
    longest, most_lines = HEAD
    lines = bytes(raw[:longest]).splitlines(keepends=True)[:most_lines]
    found = part(memoryview(b"".join(lines)))
    if not found.head.keys():
        raise Unreadable("it has no head")
    return found


def _mail(whole: Part, recipient: str, envelope: str | None) -> Mail:
    found = leaves(whole)
    files = [leaf for leaf in found if leaf.is_file or len(leaf.body) > LONGEST_TEXT]
    written = [leaf for leaf in found if leaf not in files]
    return Mail(
        head=whole.head,
        text="\n".join(_plain(leaf) for leaf in written if leaf.content_type == "text/plain"),
        html="\n".join(_text(leaf) for leaf in written if leaf.content_type == "text/html"),
        files=tuple(File(leaf.content_type, leaf.content(), leaf.file_name) for leaf in files),
        recipient=recipient,
        envelope=envelope,
    )


def _plain(leaf: Part) -> str:
    text = _text(leaf)
    if leaf.parameter("format").lower() != "flowed":
        return text
    return unflowed(text, leaf.parameter("delsp").lower() == "yes")


def _text(leaf: Part) -> str:
    return decoded(leaf.content(), leaf.charset).replace("\r\n", "\n")
