"""The name beside an address in an email, which mail programs show instead of the address."""

import re
import unicodedata

from app.lib.text.cleaning import one_line

# «PayPal <x@y.example>», x@y.example, x (at) y.example.
ADDRESS = re.compile(r"<[^<>]*@[^<>]*>?|\S*@\S*|\S+\s*[(\[{]\s*at\s*[)\]}]\s*\S+", re.IGNORECASE)
AROUND = " \t,;:<>()[]{}|/\\-–—\"'“”‘’«»"
# Persian, Indic scripts and emoji are joined by these.
JOINERS = "\u200c\u200d"


def display_name(name: str) -> str:
    """The name without addresses and what looks like one, and without characters that are not
    seen or turn the direction of what follows. Empty: it was nothing else."""
    seen = one_line(visible(name))
    plain = unicodedata.normalize("NFKC", seen)
    if not ADDRESS.search(plain):
        return seen
    return one_line(ADDRESS.sub(" ", plain)).strip(AROUND)


def visible(text: str) -> str:
    """Without characters that are not seen or turn the direction of what follows."""
    return "".join(map(_seen, text))


def _seen(character: str) -> str:
    if character in JOINERS:
        return character
    category = unicodedata.category(character)
    # Line ends, too, part words.
    return " " if category in ("Cc", "Zl", "Zp") else "" if category in ("Cf", "Cs") else character
