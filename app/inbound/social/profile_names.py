"""Asks Meta what customers are called who have just written: its webhooks know no names. That it
does not say is usual, as it asks for Advanced Access."""

from datetime import datetime

import structlog
from sqlalchemy import select, update

from app import live
from app.extensions import db, vault
from app.inbound.social.connect_account import carrier
from app.lib import shutdown
from app.lib.fault import place
from app.lib.time.clock import running
from app.models import ChannelAccount, ChannelThread, ContactPoint, Customer
from app.providers.contract import Account
from app.tasks import SLOW_TIME_SLICE
from app.tenancy import key_of, tenant_scope, unscoped

log = structlog.get_logger()


def ask(now: datetime) -> int:
    """One by one, each once, within a time slice; how many were asked about."""
    asked, clock = 0, running(now)
    while not shutdown.requested() and (claimed := _claim(clock())):
        asked += 1
        with tenant_scope(claimed[0]):
            _ask(*claimed)
        db.session.remove()
        if clock() > now + SLOW_TIME_SLICE:
            break
    return asked


def _claim(now: datetime) -> tuple[int, int, str] | None:
    next_ = (
        select(*key_of(ChannelThread))
        .where(ChannelThread.asked_at.is_(None))
        .order_by(ChannelThread.id)
        .limit(1)
        .with_for_update(skip_locked=True)
        .scalar_subquery()
    )
    taken = (
        update(ChannelThread)
        .where(key_of(ChannelThread) == next_)
        .values(asked_at=now)
        .returning(ChannelThread.tenant_id, ChannelThread.customer_id, ChannelThread.channel)
        .execution_options(synchronize_session=False)
    )
    with unscoped("customers of all businesses are asked about in one line"):
        row = db.session.execute(taken).one_or_none()
        db.session.commit()
    return (row.tenant_id, row.customer_id, row.channel) if row else None


def _ask(tenant_id: int, customer_id: int, channel: str) -> None:
    """Each stands alone: nobody else waits for their name."""
    try:
        found = _person(customer_id, channel)
        db.session.rollback()
        name = carrier().name(*found) if found else ""
        if name:
            _call(customer_id, name)
            live.publish(tenant_id, customer_id)
    except Exception as error:
        log.info("name_not_told", customer=customer_id, fault=place(error))
        db.session.rollback()


def _person(customer_id: int, channel: str) -> tuple[Account, str] | None:
    """By which account, and who; None: it is connected no more, or they have a name."""
    customer = db.session.get_one(Customer, customer_id)
    of_channel = ContactPoint.customer_id == customer_id, ContactPoint.channel == channel
    person = db.session.scalar(select(ContactPoint.address).where(*of_channel).limit(1))
    row = db.session.scalar(select(ChannelAccount).where(ChannelAccount.channel == channel))
    if row is None or person is None or customer.first_name or customer.last_name:
        return None
    return Account(row.address, vault().open(row.token_sealed), row.node), person


def _call(customer_id: int, name: str) -> None:
    """Unless somebody has said it meanwhile."""
    first, _, last = name.partition(" ")
    nameless = Customer.id == customer_id, Customer.first_name == "", Customer.last_name == ""
    named = update(Customer).where(*nameless).values(first_name=first, last_name=last.strip())
    db.session.execute(named.execution_options(synchronize_session=False))
    db.session.commit()
