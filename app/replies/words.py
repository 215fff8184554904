"""What a customer's text means as an answer to a reminder. All pure.

A text counts only where every word of it is known and all of it says one thing: whoever is
misread has no appointment, so what is left over or contradicts is for a person to read.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from functools import cache
from typing import NamedTuple
from unicodedata import category, normalize

from app.models import Answer
from app.replies.languages import LANGUAGES

# Longer ones say more than an answer.
MOST_WORDS = 12
LONGEST = 200
APOSTROPHES = re.compile(r"['’‘`´]")
# «I'm 10 minutes late» says no more than «I'm late».
MINUTES = re.compile(r"\b\d{1,2} ?(?:min|mins|minute|minutes|minuto|minutos)\b\.?")
CLAUSE = re.compile(r"[,;:!.\n]")
STRETCHED = re.compile(r"([a-z])\1{2,}")
QUESTION = re.compile(r"[?¿？]")
CLEAR = frozenset({Answer.CONFIRM, Answer.CANCEL, Answer.LATE})


class Part(NamedTuple):
    text: str
    meaning: Answer | None
    """NONE: a courtesy; None: it is unknown."""


def read(text: str) -> Answer:
    """In whichever language of LANGUAGES it is said."""
    clauses = [_plain(clause).split() for clause in _clauses(text[: LONGEST + 1])]
    words = [word for clause in clauses for word in clause]
    if len(text) > LONGEST or len(words) > MOST_WORDS:
        return Answer.UNCLEAR
    spoken = [found for clause in clauses if (found := _said(clause))]
    said = [part for clause in spoken for part in clause]
    meant = (_alone(said, words) if len(spoken) == 1 else None) or _agreed(said)
    if meant is None or (meant in CLEAR and QUESTION.search(text)):
        return Answer.UNCLEAR if _concerns_it(said, words) else Answer.NONE
    return meant


def _clauses(text: str) -> list[str]:
    """«No, voy» (I do come) is not «no voy»: no phrase goes on past a comma."""
    return CLAUSE.split(MINUTES.sub(" ", text.casefold()))


def _plain(text: str) -> str:
    """Small letters, without accents, skin tones and marks; each emoji a word."""
    folded = normalize("NFKD", APOSTROPHES.sub("", text))
    kept = "".join(_kept(character) for character in folded)
    return STRETCHED.sub(r"\1", " ".join(kept.split()))


def _kept(character: str) -> str:
    kind = category(character)
    if kind == "So":
        return f" {character} "
    # Accents, the skin tone of an emoji, and what joins emoji.
    if kind[0] == "M" or kind in ("Sk", "Cf"):
        return ""
    return character if kind[0] in "LN" else " "


def _parts(words: list[str]) -> Iterator[Part]:
    """The phrases that are known, the longest first, and the words between them."""
    at = 0
    while at < len(words):
        ends = range(len(words), at, -1)
        end = next((end for end in ends if " ".join(words[at:end]) in _phrases()), at + 1)
        text = " ".join(words[at:end])
        yield Part(text, _phrases().get(text))
        at = end


def _said(clause: list[str]) -> list[Part]:
    """Its parts without courtesies."""
    return [part for part in _parts(clause) if part.meaning is not Answer.NONE]


def _alone(said: list[Part], words: list[str]) -> Answer | None:
    """The meaning of what is said alone; a letter after a courtesy may be a signature."""
    rest = " ".join(part.text for part in said)
    return None if len(rest) == 1 and words[0] != rest else _phrases_alone().get(rest)


def _agreed(said: list[Part]) -> Answer | None:
    """What all parts say; whoever runs late comes. Of courtesies alone: None."""
    meanings = {part.meaning for part in said}
    if meanings == {Answer.LATE, Answer.CONFIRM}:
        return Answer.LATE
    return meanings.pop() if len(meanings) == 1 else None


def _concerns_it(said: list[Part], words: list[str]) -> bool:
    doubtful = {word for language in LANGUAGES.values() for word in language.doubtful.split()}
    answers = _phrases_alone().keys()
    return (
        any(part.meaning for part in said)
        or not answers.isdisjoint(words[:1])
        or not doubtful.isdisjoint(words)
    )


@cache
def _phrases() -> dict[str, Answer]:
    courtesies = (phrase for language in LANGUAGES.values() for phrase in language.courtesy)
    found = _by_phrase(language.phrases for language in LANGUAGES.values())
    return dict.fromkeys(courtesies, Answer.NONE) | found


@cache
def _phrases_alone() -> dict[str, Answer]:
    return _by_phrase(language.alone for language in LANGUAGES.values())


def _by_phrase(tables: Iterable[Mapping[Answer, tuple[str, ...]]]) -> dict[str, Answer]:
    return {
        phrase: answer
        for table in tables
        for answer, phrases in table.items()
        for phrase in phrases
    }
