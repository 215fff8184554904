"""What a customer's text means as an answer to a reminder. All pure.

A text counts only where every word of it is known and all of it says one thing: whoever is
misread has no appointment, so what is left over or contradicts is for a person to read. Where a
part of it says it in so many words, that person is told what it may be.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from functools import cache
from typing import NamedTuple
from unicodedata import category, normalize

from app.models import Answer
from app.replies import days
from app.replies.languages import LANGUAGES

# Longer ones say more than an answer.
MOST_WORDS = 12
LONGEST = 200
APOSTROPHES = re.compile(r"['’‘`´]")
UNIT = r"(?:min|mins|minute|minutes|minuto|minutos)\b\.?"
# «Be there in 10» says how late it will be, and «in 10 minutes» in as many words.
SHORTLY = re.compile(
    rf"\b(?:in|en) (?:about |like |around |unos )?\d{{1,2}}(?: ?{UNIT}|(?=\W*$|\s*[,;:!.\n]))"
)
# «I'm 10 minutes late» says no more than «I'm late».
MINUTES = re.compile(rf"\b\d{{1,2}} ?(?:{UNIT}|(?=late\b))")
CLAUSE = re.compile(r"[,;:!.\n]|\b(?:because|cuz|bc|since|porque|ya que)\b")
STRETCHED = re.compile(r"([a-z])\1{2,}")
QUESTION = re.compile(r"[?¿？]")
CLEAR = frozenset({Answer.CONFIRM, Answer.CANCEL, Answer.LATE})
PERHAPS = {Answer.CANCEL: Answer.MAY_CANCEL, Answer.LATE: Answer.MAY_BE_LATE}
# Before «reschedule» in a clause.
DENIALS = frozenset({"no", "not", "dont", "never", "wont", "cant", "nunca"})


class Part(NamedTuple):
    text: str
    meaning: Answer | None
    """NONE: a courtesy; None: it is unknown."""


def read(text: str) -> Answer:
    """In whichever language of LANGUAGES it is said. Only what is one of CLEAR may be acted on."""
    if len(text) > LONGEST:
        return Answer.UNCLEAR
    clauses = [_undated(_plain(clause)).split() for clause in _clauses(text)]
    words = [word for clause in clauses for word in clause]
    spoken = [found for clause in clauses if (found := _said(clause))]
    if len(words) > MOST_WORDS:
        return _perhaps(spoken) or Answer.UNCLEAR
    meant = _exactly(spoken, words)
    if meant is None or (meant in CLEAR and QUESTION.search(text)):
        return _perhaps(spoken) or _doubt(spoken, words)
    return meant


def fits(text: str, wrote: date, meant: date) -> bool:
    """Whether the text, written on that day, names no other day than the one that is meant."""
    return days.fits(_plain(text[:LONGEST].casefold()), wrote, meant)


def _exactly(spoken: list[list[Part]], words: list[str]) -> Answer | None:
    """What every word of it says; of courtesies alone, and where they contradict, None."""
    said = [part for clause in spoken for part in clause]
    return (_alone(said, words) if len(spoken) == 1 else None) or _agreed(said)


def _perhaps(spoken: list[list[Part]]) -> Answer | None:
    """What some of it says, and nothing contradicts: for a person to look at."""
    meanings = {part.meaning for clause in spoken for part in clause} - {None}
    if meanings <= {Answer.MOVE, Answer.CANCEL} and any(map(_asks_to_move, spoken)):
        return Answer.MOVE
    whole = {_whole(clause) for clause in spoken} & PERHAPS.keys()
    said = meanings | whole
    return next((PERHAPS[one] for one in PERHAPS if one in whole and said == {one}), None)


def _asks_to_move(clause: list[Part]) -> bool:
    """Whether it asks for it, and denies it not before. A lone word may be about anything."""
    wishes = (at for at, part in enumerate(clause) if part.meaning is Answer.MOVE)
    place = next((at for at in wishes if " " in clause[at].text or len(clause) == 1), None)
    return place is not None and DENIALS.isdisjoint(part.text for part in clause[:place])


def _whole(clause: list[Part]) -> Answer | None:
    """What all of the clause says; a single word of it may deny what follows."""
    text = " ".join(part.text for part in clause)
    return _agreed(clause) or (_phrases_alone().get(text) if " " in text else None)


def _undated(clause: str) -> str:
    """Without the day on which somebody cannot come, or comes late."""
    bare = days.undated(clause)
    return bare if _whole(_said(bare.split())) in PERHAPS else clause


def _doubt(spoken: list[list[Part]], words: list[str]) -> Answer:
    concerns = _concerns_it([part for clause in spoken for part in clause], words)
    return Answer.UNCLEAR if concerns else Answer.NONE


def _clauses(text: str) -> list[str]:
    """«No, voy» (I do come) is not «no voy»: no phrase goes on past a comma."""
    return CLAUSE.split(_without_minutes(text.casefold()))


def _without_minutes(text: str) -> str:
    return MINUTES.sub(" ", SHORTLY.sub(" shortly ", text))


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
    """What all parts say; whoever runs late comes, and whoever wants another time cannot come at
    this one. Of courtesies alone: None."""
    meanings = {part.meaning for part in said}
    if meanings == {Answer.MOVE, Answer.CANCEL}:
        return Answer.MOVE
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
        " ".join(_without_minutes(phrase).split()): answer
        for table in tables
        for answer, phrases in table.items()
        for phrase in phrases
    }
