"""The single words by which a person stops and starts messages, as Twilio reads them.

https://help.twilio.com/articles/223134027 and, for toll-free numbers, 360058144374. Twilio
answers these words itself: nothing of ours may answer on top of it. On WhatsApp it does so only
with Advanced Opt-Out; whoever writes STOP there means it all the same.

Of a STOP we hear more than Twilio: «Stop.», "STOP!", opt-out and STOP ALL are reasonable means, too
(47 CFR 64.1200(a)(10)), and so are BAJA, ARRET and STOPP (stop_words). What starts messages again
is taken by the letter.
"""

import re
from enum import StrEnum
from functools import cache
from itertools import chain
from unicodedata import category, normalize

from app.inbound.stop_words import LANGUAGES


class Said(StrEnum):
    STOP = "stop"
    START = "start"
    HELP = "help"


STOP = frozenset({"STOP", "STOPALL", "UNSUBSCRIBE", "CANCEL", "END", "QUIT", "REVOKE", "OPTOUT"})
START = frozenset({"START", "YES", "UNSTOP"})
HELP = frozenset({"HELP", "INFO"})
# At the network of toll-free numbers only these count, and YES is an answer like any other.
TOLL_FREE_STOP = frozenset({"STOP"})
TOLL_FREE_START = frozenset({"START", "UNSTOP"})
# What stands around a word and between its parts, the marks of a text's direction among them.
BETWEEN = re.compile(r"[\W_]+")
LONGEST = 30
APOSTROPHES = re.compile(r"['’‘`´]")
SENTENCE = re.compile(r"[.;!?…\n]")
CLAUSE = re.compile(r"[.,:;!?…\n]")
TOLL_FREE_CODES = ("800", "833", "844", "855", "866", "877", "888")


def said(body: str, recipient: str, opt_out_type: str = "") -> Said | None:
    """What the whole message means, if it is one of the words; None: it is a message.

    opt_out_type is Twilio's own reading of it, which a Messaging Service with Advanced Opt-Out
    sends along (OptOutType); it knows that business's own words, so it counts first.
    """
    if opt_out_type.lower() in set(Said):
        return Said(opt_out_type.lower())
    word = body.strip().upper()
    bare = BETWEEN.sub("", folded(word)) if len(word) <= LONGEST else ""
    stop, start = _words(recipient)
    if bare in stop or bare in _stop_elsewhere():
        return Said.STOP
    if word in start:
        return Said.START
    return Said.HELP if word in HELP else None


def _words(recipient: str) -> tuple[frozenset[str], frozenset[str]]:
    if _toll_free(recipient):
        return TOLL_FREE_STOP, TOLL_FREE_START
    # No carrier makes the YES in an email a START.
    return STOP, TOLL_FREE_START if "@" in recipient else START


def asks_to_stop(body: str) -> bool:
    """Whether the message, which is no such word, may ask for an end: a person decides."""
    text = folded(body).casefold()
    return any(map(_asks, SENTENCE.split(text))) or any(map(_says_no_more, CLAUSE.split(text)))


def folded(text: str) -> str:
    """Without accents, apostrophes and what is not seen."""
    apart = normalize("NFKD", APOSTROPHES.sub("", text))
    return "".join(each for each in apart if category(each) not in ("Mn", "Cf"))


def _asks(sentence: str) -> bool:
    return _asking().search(_plain(sentence)) is not None


def _says_no_more(clause: str) -> bool:
    """Whether it is one of the words, and courtesies."""
    return _courtesies().sub("", _plain(clause)).strip() in _alone()


def _plain(text: str) -> str:
    return " ".join(BETWEEN.sub(" ", text).split())


@cache
def _stop_elsewhere() -> frozenset[str]:
    stops = (word for language in LANGUAGES.values() for word in language.stops)
    return frozenset(word.replace(" ", "").upper() for word in stops)


@cache
def _alone() -> frozenset[str]:
    return frozenset(chain.from_iterable((*each.stops, *each.alone) for each in LANGUAGES.values()))


@cache
def _asking() -> re.Pattern[str]:
    return re.compile("|".join(chain.from_iterable(each.asks for each in LANGUAGES.values())))


@cache
def _courtesies() -> re.Pattern[str]:
    phrases = chain.from_iterable(each.courtesy for each in LANGUAGES.values())
    return re.compile(rf"\b(?:{'|'.join(sorted(phrases, key=len, reverse=True))})\b")


def _toll_free(number: str) -> bool:
    return number.startswith("+1") and number[2:5] in TOLL_FREE_CODES
