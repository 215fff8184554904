"""The single words by which a person stops and starts messages, as Twilio reads them.

https://help.twilio.com/articles/223134027 and, for toll-free numbers, 360058144374. Twilio
answers these words itself: nothing of ours may answer on top of it. On WhatsApp it does so only
with Advanced Opt-Out; whoever writes STOP there means it all the same.

Of a STOP we hear more than Twilio: «Stop.», "STOP!", opt-out and STOP ALL are reasonable means, too
(47 CFR 64.1200(a)(10)). What starts messages again is taken by the letter.
"""

import re
from enum import StrEnum


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
TOLL_FREE_CODES = ("800", "833", "844", "855", "866", "877", "888")


def said(body: str, recipient: str, opt_out_type: str = "") -> Said | None:
    """What the whole message means, if it is one of the words; None: it is a message.

    opt_out_type is Twilio's own reading of it, which a Messaging Service with Advanced Opt-Out
    sends along (OptOutType); it knows that business's own words, so it counts first.
    """
    if opt_out_type.lower() in set(Said):
        return Said(opt_out_type.lower())
    word = body.strip().upper()
    bare = BETWEEN.sub("", word) if len(word) <= LONGEST else ""
    stop, start = (TOLL_FREE_STOP, TOLL_FREE_START) if _toll_free(recipient) else (STOP, START)
    if bare in stop:
        return Said.STOP
    if word in start:
        return Said.START
    return Said.HELP if word in HELP else None


def _toll_free(number: str) -> bool:
    return number.startswith("+1") and number[2:5] in TOLL_FREE_CODES
