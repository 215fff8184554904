"""Reactions that come by SMS as a text: Liked “See you at 2”, as telephones write them for those
who cannot show them.

https://support.apple.com/guide/iphone/react-with-tapbacks-iph018d3c336/ios; Google Messages writes
the sign itself: 👍 to “See you at 2”.
"""

import re
from dataclasses import dataclass

SIGNS = {
    "Liked": "👍",
    "Disliked": "👎",
    "Loved": "❤️",
    "Laughed at": "😂",
    "Emphasized": "‼️",
    "Questioned": "❓",
}
THINGS = "an image|a photo|a movie|an audio message|an attachment|a video"
VERB = "|".join(SIGNS)
APPLE = re.compile(rf"(?P<verb>{VERB}) (?:“(?P<about>.+)”|(?P<thing>{THINGS}))", re.DOTALL)
SIGN = r"(?P<sign>[^\w\s“”]{1,16})"
ANY_SIGN = re.compile(rf"(?:Reacted )?\s*{SIGN}\s+to\s+“(?P<about>.+)”\s*", re.DOTALL)


@dataclass(frozen=True)
class Tapback:
    sign: str
    verb: str
    """For whoever hears the page: Liked."""
    about: str
    """The text that it is about; empty: it is about a thing."""
    thing: str = ""


def tapback(body: str) -> Tapback | None:
    """The reaction that a text is; None: a person wrote it."""
    if found := APPLE.fullmatch(body.strip()):
        verb, about, thing = found["verb"], found["about"] or "", found["thing"] or ""
        return Tapback(SIGNS[verb], verb, about, thing)
    if found := ANY_SIGN.fullmatch(body.strip()):
        return Tapback(found["sign"], f"Reacted {found['sign']} to", found["about"])
    return None
