"""Names of links that stand in texts: short enough to cost nothing, and not to be guessed."""

import re
import secrets

# Crockford's: no letter looks like a digit, and none spells a word. Five bits each, 50 in all.
ALPHABET = "0123456789abcdefghjkmnpqrstvwxyz"
LENGTH = 10
NAME = re.compile(f"[{ALPHABET}]{{{LENGTH}}}")
LOOK_ALIKE = str.maketrans("oil", "011")


def make() -> str:
    return "".join(secrets.choice(ALPHABET) for _ in range(LENGTH))


def read(text: str) -> str | None:
    """The name as it was made, however somebody typed it; None: it is none."""
    name = text.lower().translate(LOOK_ALIKE)
    return name if NAME.fullmatch(name) else None
