"""Text from outside, made fit for a PostgreSQL column."""

import unicodedata

# Letters and signs that show nothing: Braille's empty cell, the fillers of Hangul.
BLANK = frozenset("\u2800\u3164\u115f\u1160\uffa0")


def clean(text: str) -> str:
    """Without NUL (PostgreSQL stores none) and without lone surrogates (UTF-8 has none)."""
    return text.replace("\x00", "").encode("utf-8", "replace").decode("utf-8")


def one_line(text: str) -> str:
    """Without line breaks and runs of blanks."""
    return " ".join(text.split())


# Nobody searches for more; each word costs PostgreSQL a look.
MOST_WORDS, LONGEST_WORD = 8, 60


def sought_words(text: str) -> list[str]:
    """The words of a search, as many and as much of each as anybody means."""
    return [word[:LONGEST_WORD] for word in text[: 10 * LONGEST_WORD].split()[:MOST_WORDS]]


def preview(body: str, length: int = 120) -> str:
    """The beginning of a message on one line."""
    line = one_line(body)
    return line if len(line) <= length else line[: length - 1].rstrip() + "…"


def shows(text: str) -> bool:
    """Whether a person sees anything of it: a letter, a digit, a sign or an emoji."""
    return any(each not in BLANK and unicodedata.category(each)[0] in "LNPS" for each in text)


def as_sentence(error: ValueError) -> str:
    """What a command says in one line, as a page says it."""
    text = str(error)
    return f"{text[:1].upper()}{text[1:]}."
