"""Whether a text contains words, as a person means it: whole ones, whatever their case and accents.

Scripts without blanks between words (Chinese, Japanese, Thai …) and signs such as emoji have no
edges of words: there it is enough that the characters are there. So it is in Korean, whose
particles stand at the end of the word.
"""

import re
import unicodedata

# What looks otherwise and is the same to whoever types it.
SAME = str.maketrans({"’": "'", "‘": "'", "`": "'", "´": "'", "ı": "i", "\ufe0e": "", "\ufe0f": ""})
# Combining classes up to here belong to letters that are not theirs without them: voiced kana, the
# signs of Indian scripts. Beyond stand accents, and the vowel points of Hebrew and Arabic (UAX 44).
PART_OF_LETTER = 9
NO_EDGES = re.compile(
    r"[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af"
    r"\uf900-\ufaff\U00020000-\U0003ffff]"
)


def folded(text: str) -> str:
    """Without case, accents and what is not seen, in one line."""
    apart = unicodedata.normalize("NFKD", text.translate(SAME).casefold())
    kept = (each for each in apart if not _left_out(each))
    return " ".join(unicodedata.normalize("NFC", "".join(kept)).translate(SAME).split())


def _left_out(each: str) -> bool:
    return unicodedata.combining(each) > PART_OF_LETTER or unicodedata.category(each) == "Cf"


def contains(text: str, word: str) -> bool:
    """Whether the text, folded already, contains the word or phrase; one of which nothing is seen
    is in no text."""
    sought = folded(word)
    if not sought:
        return False
    before = r"(?<!\w)" if _has_edge(sought[0]) else ""
    after = r"(?!\w)" if _has_edge(sought[-1]) else ""
    return re.search(f"{before}{re.escape(sought)}{after}", text) is not None


def _has_edge(letter: str) -> bool:
    return (letter.isalnum() or letter == "_") and NO_EDGES.match(letter) is None
