"""How many SMS segments a text takes, which is what carriers bill.

GSM-7: 160 characters in one, 153 in each of several; UCS-2: 70 and 67 (3GPP TS 23.038).
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
