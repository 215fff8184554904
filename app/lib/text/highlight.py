"""Where the words of a search stand in a text."""

import re
import unicodedata
from collections.abc import Collection, Iterable
from dataclasses import dataclass

# What folded() of migration 0040 makes of letters and apostrophes.
LETTERS = str.maketrans("ıøđðłħŧς", "ioddlhtσ", "'’‘ʼʻ`´＇′")
WIDER = {"ß": "ss", "æ": "ae", "œ": "oe"}
WORD = re.compile(r"[^\W_]+(?:['’‘ʼʻ`´＇′\u0300-\u036f]+[^\W_]+)*", re.UNICODE)
# So much is shown before the first of them.
BEFORE = 40


@dataclass(frozen=True)
class Piece:
    text: str
    marked: bool


def fold(text: str) -> str:
    """Without accents, case and apostrophes."""
    if text.isascii():
        return text.lower().translate(LETTERS)
    plain = re.sub(r"[\u0300-\u036f]", "", unicodedata.normalize("NFKD", text)).lower()
    plain = plain.translate(LETTERS)
    for letter, wider in WIDER.items():
        plain = plain.replace(letter, wider)
    return unicodedata.normalize("NFKC", plain)


def marked(text: str, words: Collection[str]) -> list[Piece]:
    """The whole text, in which each word that begins as one of the (folded) words is marked."""
    return list(_pieces(text, words))


def excerpt(text: str, words: Collection[str], length: int = 180) -> list[Piece]:
    """Some of the text on one line, from shortly before the first word that begins as one of the
    (folded) words, each of which is marked."""
    line = " ".join(text.split())
    first = next(iter(_places(line, words)), (0, 0))[0]
    begin = line.rfind(" ", 0, first - BEFORE) + 1 if first > length - BEFORE else 0
    shown = line[begin : begin + length]
    dots = Piece("…", marked=False)
    cut = begin + length < len(line)
    return [*([dots] if begin else []), *marked(shown, words), *([dots] if cut else [])]


def _pieces(text: str, words: Collection[str]) -> Iterable[Piece]:
    done = 0
    for begin, end in _places(text, words):
        if begin > done:
            yield Piece(text[done:begin], marked=False)
        yield Piece(text[begin:end], marked=True)
        done = end
    if text[done:]:
        yield Piece(text[done:], marked=False)


def _places(text: str, words: Collection[str]) -> Iterable[tuple[int, int]]:
    if not words:
        return
    for word in WORD.finditer(text):
        if fold(word[0]).startswith(tuple(words)):
            yield word.span()
