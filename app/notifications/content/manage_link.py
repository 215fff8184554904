"""The link by which a customer confirms, cancels or moves an appointment without signing in.

It names the appointment, and 80 bits that nobody can guess follow from SECRET_KEY: it needs no row,
stands in each message about the appointment alike, and whoever reads the database cannot make one.
"""

import hmac
import re
from collections.abc import Iterable
from typing import NamedTuple

from app.extensions import settings
from app.lib.keyed_hash import keyed_hash
from app.lib.short_name import ALPHABET
from app.models import Appointment

PURPOSE = "appointment link"
NAME = re.compile(f"([{ALPHABET}]{{1,7}})-([{ALPHABET}]{{1,13}})-([{ALPHABET}]{{16}})")
# What a template is shown with, and as long as a real one.
SAMPLE = "7-3k9-0123456789abcdef"


class Named(NamedTuple):
    tenant_id: int
    appointment_id: int


def address(appointment: Appointment) -> str:
    """What stands for {{manage_link}}; of an appointment that is made up, one that opens none."""
    known = appointment.id is not None
    name = name_of(Named(appointment.tenant_id, appointment.id)) if known else SAMPLE
    return f"{settings().public_url}/a/{name}"


def name_of(named: Named) -> str:
    """By the present key."""
    return _name(named, settings().signing_keys[-1])


def read(name: str) -> Named | None:
    """What the link of that name is of, made by a former key as well; None: nobody has made it."""
    found = NAME.fullmatch(name)
    if found is None:
        return None
    named = Named(_number(found[1]), _number(found[2]))
    # One of them, in the same time whichever.
    right = [hmac.compare_digest(_name(named, key), name) for key in settings().signing_keys]
    return named if any(right) else None


def _name(named: Named, key: str) -> str:
    proof = keyed_hash(key, PURPOSE, named.tenant_id, str(named.appointment_id))
    short = _letters(int(proof[:20], 16), 16)
    return "-".join((_letters(named.tenant_id), _letters(named.appointment_id), short))


def _letters(number: int, least: int = 1) -> str:
    return "".join(_digits(number))[::-1].rjust(least, ALPHABET[0])


def _digits(number: int) -> Iterable[str]:
    while True:
        number, digit = divmod(number, len(ALPHABET))
        yield ALPHABET[digit]
        if not number:
            return


def _number(letters: str) -> int:
    found = 0
    for letter in letters:
        found = found * len(ALPHABET) + ALPHABET.index(letter)
    return found
