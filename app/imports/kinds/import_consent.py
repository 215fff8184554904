"""What people said elsewhere about being written to: who opted out there is written to no more.

Who opted out here stays so, whatever a file says: that they take back themselves. What our own
export of the ledger tells is known by its time, and changes nothing.
"""

from collections.abc import Iterable

from sqlalchemy import ColumnElement, select

from app.extensions import db
from app.imports.kinds.consent_rows import Cells, Place, Proof, places, proof, wants
from app.imports.kinds.each_row import each_row
from app.imports.kinds.import_kind import Taking
from app.lib.csv_files.csv_rows import BadRow, Report, Row
from app.models import ConsentEvent
from app.outbox.queue.opt_out import IMPORT, MERGE, STAFF, opted_out, stop_as_told

TAKEN_BACK = "only they can take that back, by texting START"
THEIRS = f"they asked here for no messages: {TAKEN_BACK}"
OURS = f"it stands here that they want no messages: {TAKEN_BACK}"


def take_consent(rows: Iterable[Row], taking: Taking, report: Report) -> None:
    each_row(rows, report, lambda row: _take(row, taking))


def _take(row: Cells, taking: Taking) -> str:
    said, told = ("start" if wants(row) else "stop"), proof(row, taking)
    if _is_ours(row, said, told):
        return "unchanged"
    where = places(row, taking.tenant.country)
    if said == "start":
        return _start(where, told, taking)
    stopped = [stop_as_told(*place, IMPORT, taking.now, *told) for place in where]
    return "created" if any(stopped) else "unchanged"


def _is_ours(row: Cells, said: str, told: Proof) -> bool:
    """Whether the ledger has it so, on whatever channel: it was exported from here."""
    if told.given_at is None or not row.get("address"):
        return False
    place = row.get("channel", ""), row["address"]
    return _is_known(place, ConsentEvent.said == said, ConsentEvent.at == told.given_at)


def _start(where: list[Place], told: Proof, taking: Taking) -> str:
    """Noted in the ledger: with its proof, or once, as nothing was said there."""
    for place in where:
        if opted_out(*place):
            raise BadRow(OURS if _last_source(place) in (IMPORT, MERGE, STAFF) else THEIRS)
    new = [place for place in where if not _was_said(place, told)]
    for channel, address in new:
        said = {"said": "start", "source": IMPORT, "at": taking.now, **told._asdict()}
        db.session.add(ConsentEvent(channel=channel, address=address, **said))
    db.session.flush()
    return "created" if new else "unchanged"


def _was_said(place: Place, told: Proof) -> bool:
    if not any(told):
        return _is_known(place)
    same = (getattr(ConsentEvent, name) == value for name, value in told._asdict().items())
    return _is_known(place, ConsentEvent.said == "start", *same)


def _is_known(place: Place, *more: ColumnElement[bool]) -> bool:
    return db.session.scalar(select(ConsentEvent.id).where(*_at(place), *more).limit(1)) is not None


def _last_source(place: Place) -> str | None:
    stops = select(ConsentEvent.source).where(*_at(place), ConsentEvent.said == "stop")
    return db.session.scalar(stops.order_by(ConsentEvent.id.desc()).limit(1))


def _at(place: Place) -> tuple[ColumnElement[bool], ...]:
    return ConsentEvent.channel == place[0], ConsentEvent.address == place[1]
