"""The name beside an address in an email, which mail programs show instead of the address."""

import re
import unicodedata

from app.lib.text.cleaning import one_line

# «PayPal <x@y.example>», x@y.example, x (at) y.example.
ADDRESS = re.compile(r"<[^<>]*@[^<>]*>?|\S*@\S*|\S+\s*[(\[{]\s*at\s*[)\]}]\s*\S+", re.IGNORECASE)
# What mail programs make links of; of bare domains those that urlize knows (markup.py).
LINK = re.compile(
    r"\S*:/+\S*|\bwww\.\S+|[\w-]+(\.[\w-]+)+/\S*|\S+\.(com|edu|gov|info|int|mil|net|org)\b\S*",
    re.IGNORECASE,
)
AROUND = " \t,;:<>()[]{}|/\\-–—\"'“”‘’«»"
# Persian, Indic scripts and emoji are joined by these.
JOINERS = "\u200c\u200d"


def display_name(name: str) -> str:
    """The name without addresses and what looks like one, and without characters that are not
    seen or turn the direction of what follows. Empty: it was nothing else."""
    return _without(ADDRESS, one_line(visible(name)))


def strangers_name(name: str) -> str:
    """The same without links, of whoever names themselves as they like: emails of ours say it, to
    staff and to whom they pretend to be."""
    return _without(LINK, display_name(name))


def _without(pattern: re.Pattern[str], seen: str) -> str:
    plain = unicodedata.normalize("NFKC", seen)
    if not pattern.search(plain):
        return seen
    return one_line(pattern.sub(" ", plain)).strip(AROUND)


def visible(text: str) -> str:
    """Without characters that are not seen or turn the direction of what follows."""
    return "".join(map(_seen, text))


def _seen(character: str) -> str:
    if character in JOINERS:
        return character
    category = unicodedata.category(character)
    # Line ends, too, part words.
    return " " if category in ("Cc", "Zl", "Zp") else "" if category in ("Cf", "Cs") else character
