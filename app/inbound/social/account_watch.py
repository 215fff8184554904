"""Asks Meta each night whether it still tells of a business's accounts, and until when it lets us
in: a changed password ends our access, and an hour in which we fail ends its telling."""

from datetime import datetime, timedelta

import structlog
from sqlalchemy import select, update

from app.extensions import db, vault
from app.inbound.social.connect_account import CHECK_EVERY, carrier
from app.lib import shutdown
from app.lib.fault import place
from app.lib.time.clock import running
from app.lib.vault import VaultError
from app.models import ChannelAccount
from app.providers.contract import Account, SendError
from app.tasks import SLOW_TIME_SLICE
from app.tenancy import key_of, tenant_scope, unscoped

# Longer than Meta may take to answer.
LEASE = timedelta(minutes=2)
AGAIN = timedelta(hours=1)
ENDS_SOON = timedelta(days=10)
UNREADABLE = "The stored access to Meta cannot be read. An admin must connect the account again."
ENDED = "Meta told us nothing of this account for a while; what came meanwhile is in its own inbox."

log = structlog.get_logger()


def check_due(now: datetime) -> int:
    """Ask about the accounts that are due, one by one, within a time slice; how many."""
    asked, clock = 0, running(now)
    while not shutdown.requested() and (claimed := _claim(clock())):
        asked += 1
        with tenant_scope(claimed[0]):
            _check(claimed[1], clock())
        db.session.remove()
        if clock() > now + SLOW_TIME_SLICE:
            break
    return asked


def check_now(now: datetime) -> None:
    """Ask about all accounts of the business in scope: somebody waits for it."""
    for id_ in db.session.scalars(select(ChannelAccount.id)).all():
        _check(id_, now)


def _claim(now: datetime) -> tuple[int, int] | None:
    due = (
        select(*key_of(ChannelAccount))
        .where(ChannelAccount.check_at <= now)
        .order_by(ChannelAccount.check_at)
        .limit(1)
        .with_for_update(skip_locked=True)
        .scalar_subquery()
    )
    taken = (
        update(ChannelAccount)
        .where(key_of(ChannelAccount) == due)
        .values(check_at=now + LEASE)
        .returning(ChannelAccount.tenant_id, ChannelAccount.id)
        .execution_options(synchronize_session=False)
    )
    with unscoped("accounts of all businesses wait in one line to be asked about"):
        row = db.session.execute(taken).one_or_none()
        db.session.commit()
    return (row.tenant_id, row.id) if row else None


def _check(id_: int, now: datetime) -> None:
    """Each stands alone: whatever breaks over one, the next is asked about."""
    try:
        _ask(id_, now)
    except SendError as error:
        log.info("account_not_checked", account=id_, code=error.code)
        dead = error.sender_at_fault
        _note(id_, now, trouble=error.reason) if dead else _note(id_, now, later=AGAIN)
    except VaultError:
        _note(id_, now, trouble=UNREADABLE)
    except Exception as error:
        log.error("account_fault", account=id_, fault=place(error))
        db.session.rollback()


def _ask(id_: int, now: datetime) -> None:
    row = db.session.get_one(ChannelAccount, id_)
    account = Account(row.address, vault().open(row.token_sealed), row.node)
    # Nothing of the database is held while Meta takes its time.
    db.session.rollback()
    told, warning = carrier().subscribed(account), None
    if "messages" not in told:
        carrier().subscribe(account)
        told, warning = carrier().subscribed(account), ENDED
    ends = carrier().token_end(account)
    if ends and ends < now + ENDS_SOON:
        warning = f"Our access to it ends on {ends:%d %B %Y}. An admin can connect it again."
    _note(id_, now, told=told, ends=ends, warning=warning)


def _note(
    id_: int,
    now: datetime,
    *,
    told: list[str] | None = None,
    ends: datetime | None = None,
    trouble: str | None = None,
    warning: str | None = None,
    later: timedelta = CHECK_EVERY,
) -> None:
    """Commits. Where Meta could not be asked nothing is known but when it is asked again."""
    row = db.session.get_one(ChannelAccount, id_)
    row.check_at = now + later
    if later == CHECK_EVERY:
        row.trouble, row.warning = trouble, warning
        row.subscribed = row.subscribed if told is None else told
        row.token_ends_at = row.token_ends_at if told is None else ends
    db.session.commit()
