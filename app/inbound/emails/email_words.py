"""STOP and its kin in an email: as its whole text, as its first line, or as its subject."""

import re
from typing import Any

from app.inbound import keywords
from app.inbound.keywords import Said
from app.lib.text.cleaning import shows
from app.providers.contract import Received, ReceivedLetter

# Of the words that a text alone may be: in a line above others, CANCEL, END and QUIT say something
# else, as HELP and START do.
PLAIN = frozenset({"STOP", "STOPALL", "UNSUBSCRIBE", "OPTOUT"})
# With what it is called, which may stand on a line above it.
OUR_LINK = re.compile(
    r"^(?:.{1,40}\n(?=[ >(<\[]*https?:))?.*(?:/|%2F)unsubscribe(?:/|%2F).*$",
    re.IGNORECASE | re.MULTILINE,
)
NOTHING = {"said": None, "stop": False, "start": False, "asks": False}


def words(message: Received, letter: ReceivedLetter) -> dict[str, Any]:
    """What the statement is told beside, of an email's words. Its text is without what it quotes:
    below each email of ours stands how to unsubscribe."""
    if not letter.nature.commands:
        return NOTHING
    lines = [line for line in message.body.split("\n") if shows(line)][:1]
    if any(map(_stops, [*lines, letter.subject])):
        return NOTHING | {"said": Said.STOP, "stop": True}
    return {} if keywords.asks_to_stop(_unquoted(message.body)) else {"asks": False}


def _unquoted(text: str) -> str:
    """Where a quotation is not known by its beginning, our own line below an email is by its link,
    however a filter of links has written that anew."""
    lines = OUR_LINK.sub("", text).split("\n")
    return "\n".join(line for line in lines if not line.startswith(">"))


def _stops(line: str) -> bool:
    if keywords.said(line, "@") is not Said.STOP:
        return False
    bare = keywords.BETWEEN.sub("", keywords.folded(line.strip().upper()))
    return bare in PLAIN or bare not in keywords.STOP
