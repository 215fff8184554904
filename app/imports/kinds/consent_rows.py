"""What a row of a file says of whether somebody wants messages: where, since when, and by what that
is known."""

from collections.abc import Iterator
from datetime import datetime
from typing import NamedTuple

from app.appointments import row_times
from app.customers import contact
from app.imports.kinds.each_row import NO, YES
from app.imports.kinds.import_kind import Taking
from app.lib.csv_files.csv_rows import BadRow
from app.lib.csv_files.header import SEVERAL
from app.lib.telephone.phone import variants
from app.lib.time import clock
from app.lib.time.written_time import TwoDates

CHANNELS = {
    "": ("sms", "whatsapp"),
    "sms": ("sms",),
    "text": ("sms",),
    "whatsapp": ("whatsapp",),
}
IN = YES | {"subscribed", "opted in", "opt in", "in", "start", "granted"}
OUT = NO | {"unsubscribed", "opted out", "opt out", "out", "stop", "stopped", "denied", "revoked"}
# (channel, address)
Place = tuple[str, str]
Cells = dict[str, str]


class Proof(NamedTuple):
    given_at: datetime | None
    """When they said it; None: the file does not tell."""
    evidence: str
    """For what, and by what that is known, in the file's words."""


def wants(row: Cells) -> bool:
    """Whether they want messages. Raises BadRow."""
    inwards, outwards = row.get("opted_in", ""), row.get("opted_out", "")
    said = {*_read(inwards, "opted_in", IN, OUT), *_read(outwards, "opted_out", NO, YES | OUT - NO)}
    if len(said) != 1:
        raise BadRow(
            "it says both yes and no" if said else "it does not say whether they opted out"
        )
    return said.pop()


def _read(text: str, name: str, yes: set[str], no: set[str]) -> Iterator[bool]:
    word = " ".join(text.casefold().replace("_", " ").replace("-", " ").split())
    if word and word not in yes | no:
        raise BadRow(f"its {name} “{text}” is neither yes nor no")
    if word:
        yield word in yes


def places(row: Cells, country: str) -> list[Place]:
    """Where that holds. Raises BadRow, BadNumber and BadAddress."""
    if found := list(_places(row, country)):
        return found
    raise BadRow("it has no phone or email")


def _places(row: Cells, country: str) -> Iterator[Place]:
    channel = row.get("channel", "").casefold().replace("text message", "text")
    if channel not in {*CHANNELS, "email", "e-mail"}:
        raise BadRow(f"channel “{row['channel']}” is none of sms, whatsapp, email")
    address = row.get("address", "")
    mail, phone = (address, "") if "@" in address else ("", address)
    for text in filter(None, (row.get("phone") or phone).split(SEVERAL)):
        for form in variants(contact.normal("sms", text, country)):
            yield from ((each, form) for each in CHANNELS.get(channel, ()))
    if channel in ("", "email", "e-mail") and (mail := row.get("email") or mail):
        yield "email", contact.normal("email", mail, country)


def proof(row: Cells, taking: Taking) -> Proof:
    """Raises BadRow."""
    told = [row.get(name, "") for name in ("purpose", "source", "evidence")]
    return Proof(_when(row.get("said_at", ""), taking), ", ".join(filter(None, told)))


def _when(text: str, taking: Taking) -> datetime | None:
    """Of a date alone its beginning, on the business's clock."""
    if not text:
        return None
    try:
        given = datetime.fromisoformat(row_times.iso(text, taking.day_first))
        if given.tzinfo is None:
            given = clock.instant(given, taking.tenant.timezone)
    except TwoDates:
        raise BadRow(f"its date “{text}” can be two: write it as 2026-11-30") from None
    except ValueError:
        raise BadRow(f"its date “{text}” is none such as 2026-11-30") from None
    if given > taking.now:
        raise BadRow(f"its date “{text}” is still to come")
    return given
