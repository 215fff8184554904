"""What somebody typed, as the clauses by which customers and messages are found."""

import re
from collections.abc import Iterable
from functools import lru_cache

from sqlalchemy import ARRAY, Text, func, literal, select

from app.extensions import db
from app.lib.telephone.phone import digits, forms
from app.lib.text.cleaning import clean, sought_words

Clauses = list[list[str]]

# A part of a number as people write it.
NUMBERISH = re.compile(r"[+(]*\d[\d().\-/+\u2010-\u2015]*")
# By fewer digits nearly everybody would be found; with fewer than the last no number is whole.
FEWEST, WHOLE = 3, 7
# Nobody is taken for another by a mistake in a shorter name; of a longer one none is indexed.
SHORTEST_NAME, LONGEST_NAME = 4, 20


# What is typed is looked for again: by the next letter, and by each look of a live page.
@lru_cache(maxsize=1_024)
def folded(texts: tuple[str, ...]) -> list[list[str]]:
    """The words of each text as the index has them: the database takes them apart, as it did those
    of the index."""
    unnested = func.unnest(literal(list(texts), ARRAY(Text)))
    each = unnested.table_valued("said", with_ordinality="place").render_derived()
    query = select(func.words_of(each.c.said)).order_by(each.c.place)
    return [list(words) for words in db.session.scalars(query)]


def of_customers(text: str, country: str) -> Clauses:
    """Those of a name, a number or an email address, or parts of them, in any order. A number is
    one of the country (ISO 3166) where it does not say. None where nobody can be meant."""
    runs = tuple(_runs(sought_words(clean(text))))
    return [
        clause
        for run, words in zip(runs, folded(runs), strict=True)
        for clause in _of_run(run, words, country)
    ]


def whole(clauses: Clauses) -> Clauses:
    """The same, of whole words alone."""
    return [[each.removesuffix("*") for each in clause] for clause in clauses]


def forgiving(clauses: Clauses) -> Clauses:
    """The same with one mistake in each name: a letter wrong, missing, too many or misplaced."""
    return [[*clause, *_nearly(clause[0])] for clause in clauses]


def _runs(words: Iterable[str]) -> Iterable[str]:
    """Words, of which those that make up a number are one."""
    number: list[str] = []
    for word in words:
        if NUMBERISH.fullmatch(word):
            number.append(word)
            continue
        if number:
            yield " ".join(number)
            number = []
        yield word
    if number:
        yield " ".join(number)


def _of_run(run: str, words: list[str], country: str) -> Clauses:
    if "@" in run:
        return [[f"e{run.lower()}*"]]
    # Of a first 0 nobody can tell whether E.164 has it, too.
    as_typed, part = re.sub(r"\D", "", run), digits(run)
    if NUMBERISH.match(run) and len(as_typed) >= FEWEST:
        parts = [f"d{each}*" for each in {as_typed, part} if len(each) >= FEWEST]
        known = forms(run, country) if len(part) >= WHOLE else []
        named = [f"n{words[0]}*"] if len(words) == 1 else []
        return [[*named, *parts, *(f"d{form[1:]}" for form in known)]]
    return [[f"n{word}*", f"e{word}*"] for word in words]


def _nearly(lexeme: str) -> list[str]:
    word = lexeme[1:].removesuffix("*")
    named = lexeme[0] == "n" and not word.isdigit()
    if not named or not SHORTEST_NAME <= len(word) <= LONGEST_NAME:
        return []
    return [f"x{word}", *(f"x{word[:place]}{word[place + 1 :]}" for place in range(len(word)))]
