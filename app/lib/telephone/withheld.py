"""Senders who keep their number back.

They come as a word or, where a number has to stand, as the word's keys on a telephone: ANONYMOUS
is +266696687.
"""

WORDS = ("", "anonymous", "restricted", "unavailable", "blocked", "unknown", "private")
KEYS = str.maketrans("abcdefghijklmnopqrstuvwxyz", "22233344455566677778889999")
NOBODYS = frozenset(WORDS) | {word.translate(KEYS) for word in WORDS}


def withheld(address: str) -> bool:
    """Whether the address is nobody's: whoever wrote from it cannot be told apart or answered."""
    return address.strip().lower().removeprefix("+") in NOBODYS
