"""What people said elsewhere about being written to: who opted out there is written to no more.

Who opted out here stays so, whatever a file says: that they take back themselves.
"""

from collections.abc import Iterable, Iterator

from app.customers import contact
from app.extensions import db
from app.imports.kinds.each_row import NO, YES, each_row
from app.imports.kinds.import_kind import Taking
from app.lib.csv_files.csv_rows import BadRow, Report, Row
from app.lib.csv_files.header import SEVERAL
from app.lib.telephone.phone import variants
from app.models import ConsentEvent
from app.outbox.queue.opt_out import IMPORT, opted_out, stop_as_told

CHANNELS = {
    "": ("sms", "whatsapp"),
    "sms": ("sms",),
    "text": ("sms",),
    "whatsapp": ("whatsapp",),
}
IN = YES | {"subscribed", "opted in", "opt in", "in", "start", "granted"}
OUT = NO | {"unsubscribed", "opted out", "opt out", "out", "stop", "stopped", "denied", "revoked"}
STAYS = "they asked here for no messages: only they can take that back, by texting START"
Place = tuple[str, str]


def take_consent(rows: Iterable[Row], taking: Taking, report: Report) -> None:
    each_row(rows, report, lambda row: _take(row, taking))


def _take(row: dict[str, str], taking: Taking) -> str:
    places = list(_places(row, taking.tenant.country))
    if not places:
        raise BadRow("it has no phone or email")
    if _wants(row):
        return _start(places, taking)
    stopped = [stop_as_told(*place, IMPORT, taking.now) for place in places]
    return "created" if any(stopped) else "unchanged"


def _start(places: list[Place], taking: Taking) -> str:
    """Noted in the ledger, once, as nothing was said there."""
    if any(opted_out(*place) for place in places):
        raise BadRow(STAYS)
    new = [place for place in places if not _was_said(*place)]
    for channel, address in new:
        event = ConsentEvent(
            channel=channel, address=address, said="start", source=IMPORT, at=taking.now
        )
        db.session.add(event)
    db.session.flush()
    return "created" if new else "unchanged"


def _was_said(channel: str, address: str) -> bool:
    here = ConsentEvent.channel == channel, ConsentEvent.address == address
    return db.session.query(ConsentEvent.id).where(*here).first() is not None


def _wants(row: dict[str, str]) -> bool:
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


def _places(row: dict[str, str], country: str) -> Iterator[Place]:
    channel = row.get("channel", "").casefold().replace("text message", "text")
    if channel not in {*CHANNELS, "email", "e-mail"}:
        raise BadRow(f"channel “{row['channel']}” is none of sms, whatsapp, email")
    for text in filter(None, row.get("phone", "").split(SEVERAL)):
        for form in variants(contact.normal("sms", text, country)):
            yield from ((each, form) for each in CHANNELS.get(channel, ()))
    if channel in ("", "email", "e-mail") and row.get("email"):
        yield "email", contact.normal("email", row["email"], country)
