"""Files that visitors send: pictures and PDFs, by what is in them."""

from app.lib.safe_media import shown_as
from app.lib.text.cleaning import clean, one_line
from app.providers.contract import File
from app.webchat.visitor_refused import VisitorRefused, Why

LARGEST = 10 * 1024 * 1024
PDF, PDF_BEGINS = "application/pdf", b"%PDF-"
LONGEST_NAME = 120


def checked(name: str, content: bytes) -> File:
    """Raises VisitorRefused; an SVG is none of these, as it runs scripts."""
    if len(content) > LARGEST:
        raise VisitorRefused(Why.FILE_TOO_LARGE)
    kind = shown_as(content) or (PDF if content.startswith(PDF_BEGINS) else "")
    if not kind:
        raise VisitorRefused(Why.FILE_KIND)
    return File(kind, content, one_line(clean(name))[:LONGEST_NAME])
