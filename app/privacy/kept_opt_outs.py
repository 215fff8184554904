"""The opt-outs of whoever was erased: kept as keyed hashes, and in force again once the address is
known again (GDPR, article 17(3)(b): whoever wants no messages has to be known by it)."""

from collections.abc import Collection, Sequence
from datetime import datetime

from sqlalchemy import delete, func, select
from sqlalchemy.dialects.postgresql import insert

from app import live, tasks
from app.extensions import db, settings
from app.inbound import keywords
from app.lib import shutdown
from app.lib.keyed_hash import forms_of, keyed_hash
from app.lib.telephone.phone import variants
from app.models import ConsentEvent, Direction, KeptOptOut, Message, OptOut, UnaskedAddress
from app.models.consent import PLATFORM
from app.privacy.person import Person
from app.tenancy import current_tenant_id, tenant_scope, unscoped

AT_ONCE = 100
PURPOSE = "kept opt-outs"
# Where the ledger does not say how it came about.
UNTOLD = "staff"
# Of what they wrote since they are known again so much is looked at.
LATEST = 5


def keep(who: Person) -> int:
    """Let the opt-outs of their addresses outlast them; how many. Part of the transaction that
    deletes them."""
    rows = db.session.scalars(select(OptOut).where(OptOut.address.in_(who.addresses))).all()
    for row in rows:
        stop = insert(KeptOptOut).values(
            tenant_id=current_tenant_id(),
            digest=_digest(row.address),
            channel=row.channel,
            since=row.since,
            source=_source(row),
            accounts=row.accounts,
        )
        db.session.execute(stop.on_conflict_do_nothing())
    return len(rows)


def ask(now: datetime) -> None:
    """Look whether an opt-out is kept of addresses that have become known, of all tenants; each
    committed by itself."""
    while not shutdown.requested() and (some := _unasked()):
        for tenant_id, channel, address in some:
            with tenant_scope(tenant_id):
                _ask(channel, address, now)
            db.session.remove()


def _unasked() -> Sequence[tuple[int, str, str]]:
    first = select(UnaskedAddress.tenant_id, UnaskedAddress.channel, UnaskedAddress.address)
    with unscoped("addresses of all tenants wait in one line"):
        rows = db.session.execute(first.order_by(UnaskedAddress.at).limit(AT_ONCE)).all()
        db.session.rollback()
    return [(row.tenant_id, row.channel, row.address) for row in rows]


def _ask(channel: str, address: str, now: datetime) -> None:
    keys, ours = settings().signing_keys, current_tenant_id()
    forms: dict[str, str] = {}
    for form in variants(address):
        forms |= forms_of(keys, PURPOSE, ours, form)
    kept = select(KeptOptOut).where(KeptOptOut.digest.in_(forms)).with_for_update()
    for row in db.session.scalars(kept).all():
        _hold_again(row, forms[row.digest], now)
        db.session.delete(row)
    here = UnaskedAddress.channel == channel, UnaskedAddress.address == address
    asked = delete(UnaskedAddress).where(*here)
    db.session.execute(asked.execution_options(synchronize_session=False))
    db.session.commit()
    tasks.enqueue(tasks.Task.DRAIN_OUTBOX)
    live.publish(current_tenant_id(), "*")


def _hold_again(kept: KeptOptOut, address: str, now: datetime) -> None:
    """As it was, with its evidence; unless they have texted START meanwhile."""
    place = {"channel": kept.channel, "address": address}
    said = {"said": "stop", "source": kept.source, "at": kept.since}
    db.session.add(ConsentEvent(**place, **said))
    if started := _started(kept.accounts, address):
        began = {"said": "start", "source": "keyword", "message_id": started, "at": now}
        db.session.add(ConsentEvent(**place, **began))
        return
    stop = insert(OptOut).values(
        tenant_id=current_tenant_id(), **place, since=kept.since, accounts=kept.accounts
    )
    db.session.execute(stop.on_conflict_do_nothing())


def _started(accounts: Collection[str], address: str) -> int | None:
    """The message by which they have ended it, as receive.sql would have read it."""
    heard = select(Message.id, Message.body, Message.recipient, Message.account_sid).where(
        Message.direction == Direction.INBOUND, Message.sender == address
    )
    for row in db.session.execute(heard.order_by(Message.id.desc()).limit(LATEST)):
        word = keywords.said(row.body, row.recipient)
        if word in (keywords.Said.STOP, keywords.Said.START):
            sid = row.account_sid or PLATFORM
            account = PLATFORM if sid == settings().twilio_account_sid else sid
            ends = word is keywords.Said.START and set(accounts) <= {account}
            return int(row.id) if ends else None
    return None


def _source(row: OptOut) -> str:
    last = select(ConsentEvent.source).where(
        ConsentEvent.channel == row.channel,
        ConsentEvent.address == row.address,
        ConsentEvent.said == "stop",
    )
    return db.session.scalar(last.order_by(ConsentEvent.id.desc()).limit(1)) or UNTOLD


def _digest(address: str) -> str:
    return keyed_hash(settings().secret_key, PURPOSE, current_tenant_id(), address)


def kept() -> int:
    """How many the business in scope keeps."""
    return db.session.scalar(select(func.count()).select_from(KeptOptOut)) or 0
