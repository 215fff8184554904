"""Text in whatever charset it came."""

import codecs

# Codecs of Python that no email is written in; the first takes hours over a long text.
NO_CHARSETS = ("idna", "punycode", "unicode_escape", "raw_unicode_escape", "undefined")


def decoded(content: bytes, charset: str = "") -> str:
    """The text in the charset that it names; where that is none, or not true, in the likeliest."""
    try:
        if codecs.lookup(charset or "utf-8").name not in NO_CHARSETS:
            return content.decode(charset or "utf-8")
    except (LookupError, ValueError):
        pass
    likeliest = "utf-8" if _is_utf8(content) else "cp1252"
    return content.decode(likeliest, "replace")


def _is_utf8(content: bytes) -> bool:
    try:
        content.decode()
    except UnicodeDecodeError:
        return False
    return True
