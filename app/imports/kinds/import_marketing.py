"""What people said elsewhere about offers: who agreed, with what proves it, and who no longer does.

A yes needs its evidence. Whoever said no here, or STOP, is not won back by a file that tells of
something older, or does not say when it was.
"""

from collections.abc import Iterable

from sqlalchemy import select

from app.customers import marketing
from app.extensions import db
from app.imports.kinds.consent_rows import Cells, Place, Proof, places, proof, wants
from app.imports.kinds.each_row import each_row
from app.imports.kinds.import_kind import Taking
from app.lib.csv_files.csv_rows import BadRow, Report, Row
from app.models import ConsentEvent, MarketingConsent

UNPROVEN = "it does not say how they agreed: give the form, the words or where it was"
SAID_NO = "they said here, later or nobody knows when, that they want no offers"
UNDATED = "they asked for no messages once: give the day on which they agreed after that"


def take_marketing(rows: Iterable[Row], taking: Taking, report: Report) -> None:
    each_row(rows, report, lambda row: _take(row, taking))


def _take(row: Cells, taking: Taking) -> str:
    agreed, told = wants(row), proof(row, taking)
    if agreed and not told.evidence:
        raise BadRow(UNPROVEN)
    new = [place for place in places(row, taking.tenant.country) if _is_new(place, agreed, told)]
    for place in new:
        if agreed:
            _check(place, told)
        marketing.add(place, agreed, marketing.IMPORT, taking.now, *told)
    db.session.flush()
    return "created" if new else "unchanged"


def _is_new(place: Place, agreed: bool, told: Proof) -> bool:
    """Whether the ledger does not have it so: that nobody wants offers need not be said."""
    last = marketing.last(place)
    if last is None:
        return agreed
    if (last.said == "yes") != agreed:
        return not _is_known(place, agreed, told)
    return agreed and (last.given_at, last.evidence) != tuple(told)


def _is_known(place: Place, agreed: bool, told: Proof) -> bool:
    """Whether it stands there from before: it was exported from here."""
    said = MarketingConsent.said == ("yes" if agreed else "no")
    here = MarketingConsent.channel == place[0], MarketingConsent.address == place[1]
    same = MarketingConsent.given_at == told.given_at, MarketingConsent.evidence == told.evidence
    query = select(MarketingConsent.id).where(*here, said, *same)
    return told.given_at is not None and db.session.scalar(query.limit(1)) is not None


def _check(place: Place, told: Proof) -> None:
    """Raises BadRow where a no or a STOP of here outlasts that yes."""
    last = marketing.last(place)
    if last and last.said == "no" and not _later(told, last):
        raise BadRow(SAID_NO)
    if told.given_at is None and _stopped_ever(place):
        raise BadRow(UNDATED)
    if told.given_at and (why := marketing.hindrance(place, told.given_at)):
        raise BadRow(f"{why[:1].lower()}{why[1:]}".rstrip("."))


def _later(told: Proof, last: MarketingConsent) -> bool:
    return told.given_at is not None and told.given_at > (last.given_at or last.at)


def _stopped_ever(place: Place) -> bool:
    here = ConsentEvent.channel == place[0], ConsentEvent.address == place[1]
    stop = select(ConsentEvent.id).where(*here, ConsentEvent.said == "stop")
    return db.session.scalar(stop.limit(1)) is not None
