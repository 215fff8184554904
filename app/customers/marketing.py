"""Who gets offers: who agreed to it at an address, as the last word there says, and what ends it.

Apart from the consent to reminders: only a yes of one's own counts, a STOP ends it, and whoever
takes the STOP back has not said yes again.
"""

from collections.abc import Iterable
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import ARRAY, Text, and_, any_, func, select
from sqlalchemy.dialects.postgresql import distinct_on

from app.audit.audit_record import record
from app.channels import CHANNELS
from app.extensions import db
from app.lib.text.cleaning import clean, one_line, shows
from app.models import AuditAction, ConsentEvent, Customer, MarketingConsent, OptOut, User
from app.outbox.offers import agrees, ended
from app.prepared import Prepared, given

__all__ = ["Place", "agrees", "by_staff", "words"]

# (channel, address)
Place = tuple[str, str]
# By which offers can go: a chat or a page's messenger only answers.
OFFERED_BY = {key: CHANNELS[key] for key in ("sms", "whatsapp", "email")}
STAFF, IMPORT = "staff", "import"
LONGEST = 500
NO_PROOF = "Write how they agreed: on which form, in which words, to whom."
STOPPED = "They asked for no messages at all here. Only they can take that back."
STOPPED_SINCE = "They asked for no messages after that. Ask them again, and write down when."


class NotRecorded(ValueError):
    """It cannot be written down; says why in a person's words."""


class Word(NamedTuple):
    """What was said last about offers to a place."""

    channel: str
    address: str
    said: str
    source: str
    at: datetime
    given_at: datetime | None
    evidence: str
    who: str | None
    """Who recorded it; None: a file did, or somebody who is gone."""
    stopped: bool
    """Whether a STOP ended it."""

    @property
    def agreed(self) -> bool:
        return self.said == "yes" and not self.stopped


def words(places: Iterable[Place]) -> dict[Place, Word]:
    """Of those places at which anything was said of offers."""
    found = _WORDS.all(addresses=[address for _, address in places])
    return {(word.channel, word.address): word for word in found}


_WORDS = Prepared(
    Word,
    select(
        *(MarketingConsent.channel, MarketingConsent.address, MarketingConsent.said),
        *(MarketingConsent.source, MarketingConsent.at, MarketingConsent.given_at),
        MarketingConsent.evidence,
        func.coalesce(func.nullif(User.name, ""), User.email),
        ended(MarketingConsent),
    )
    .outerjoin(User, User.id == MarketingConsent.user_id)
    .where(MarketingConsent.address == any_(given("addresses", ARRAY(Text))))
    .ext(distinct_on(MarketingConsent.channel, MarketingConsent.address))
    .order_by(MarketingConsent.channel, MarketingConsent.address, MarketingConsent.id.desc()),
)


def by_staff(
    customer: Customer,
    place: Place,
    agreed: bool,
    how: str,
    given_at: datetime | None,
    user_id: int | None,
    now: datetime,
) -> None:
    """Write down what the customer told staff about offers to an address of theirs. Raises
    NotRecorded. Part of the caller's transaction."""
    evidence = _proof(how, agreed)
    if place not in {(each.channel, each.address) for each in customer.contact_points}:
        raise NotRecorded("This is no number or address of theirs any more. Look again.")
    _check(place, agreed, given_at or now, now)
    row = add(place, agreed, STAFF, now, given_at, evidence, user_id)
    db.session.flush()
    record(
        AuditAction.CREATED,
        row_kind=MarketingConsent.__tablename__,
        row_id=row.id,
        row_name=row.address,
        customer_id=customer.id,
        changes={"said": [None, row.said], "channel": [None, row.channel]},
    )


def _proof(how: str, agreed: bool) -> str:
    evidence = one_line(clean(how))
    if agreed and not shows(evidence):
        raise NotRecorded(NO_PROOF)
    if len(evidence) > LONGEST:
        raise NotRecorded(f"It has {len(evidence):,} characters; {LONGEST} are kept. Shorten it.")
    return evidence


def _check(place: Place, agreed: bool, said_at: datetime, now: datetime) -> None:
    if place[0] not in OFFERED_BY:
        raise NotRecorded("Offers go by SMS, WhatsApp and email alone.")
    if said_at > now:
        raise NotRecorded("That day is still to come. Give the day on which they said it.")
    if agreed and (why := hindrance(place, said_at)):
        raise NotRecorded(why)


def hindrance(place: Place, said_at: datetime) -> str:
    """Why a yes of that time does not count there; empty: it does."""
    here = ConsentEvent.channel == place[0], ConsentEvent.address == place[1]
    stop = select(ConsentEvent.id).where(*here, ConsentEvent.said == "stop")
    stands = select(OptOut.since).where(OptOut.channel == place[0], OptOut.address == place[1])
    if db.session.scalar(stands) is not None:
        return STOPPED
    since = stop.where(ConsentEvent.at >= said_at).limit(1)
    return STOPPED_SINCE if db.session.scalar(since) is not None else ""


def add(
    place: Place,
    agreed: bool,
    source: str,
    now: datetime,
    given_at: datetime | None = None,
    evidence: str = "",
    user_id: int | None = None,
) -> MarketingConsent:
    """One more row of the ledger. Part of the caller's transaction."""
    row = MarketingConsent(
        channel=place[0],
        address=place[1],
        said="yes" if agreed else "no",
        source=source,
        user_id=user_id,
        at=now,
        given_at=given_at,
        evidence=evidence,
    )
    db.session.add(row)
    return row


def last(place: Place) -> MarketingConsent | None:
    """What was said last there, whatever came after it."""
    here = MarketingConsent.channel == place[0], MarketingConsent.address == place[1]
    found = select(MarketingConsent).where(and_(*here)).order_by(MarketingConsent.id.desc())
    return db.session.scalar(found.limit(1))
