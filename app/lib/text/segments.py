"""How many SMS segments a text takes, which is what carriers bill.

GSM-7: 160 characters in one, 153 in each of several; UCS-2: 70 and 67 (3GPP TS 23.038). RCS: 160
units of UTF-8 in the United States, which some read as bytes and some as characters, and whole
messages elsewhere (https://www.twilio.com/docs/content/twiliocard).
"""

from dataclasses import dataclass

import smsutil


@dataclass(frozen=True)
class Segments:
    count: int
    encoding: str
    left: int
    """Characters that still fit into the last segment."""


def count(body: str) -> Segments:
    split = smsutil.split(body)
    gsm = split.encoding == "gsm0338"
    single, multi = (160, 153) if gsm else (70, 67)
    room = single if len(split.parts) == 1 else multi
    used = split.parts[-1].bytes if gsm else split.parts[-1].bytes // 2
    return Segments(len(split.parts), "GSM-7" if gsm else "UCS-2", room - used)


def by_rcs(body: str, country: str) -> int:
    """What it is billed as by RCS, about: bytes are counted, which are never fewer."""
    return max(1, -(-len(body.encode()) // 160)) if country == "US" else 1
