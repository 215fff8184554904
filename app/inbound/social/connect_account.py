"""A business connects its Facebook page and the Instagram account that is linked to it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import delete, select
from sqlalchemy.exc import IntegrityError

from app import tasks
from app.audit.audit_record import record
from app.extensions import db, vault
from app.inbound.social import account_routes
from app.models import AuditAction, ChannelAccount, SenderPause
from app.providers import meta, provider
from app.providers.contract import Account, SendError
from app.tenancy import current_tenant_id

CHECK_EVERY = timedelta(days=1)
IN_USE = "This account is connected to another business here. Disconnect it there first, or ask us."
NOT_TOLD = (
    "Meta took the subscription and does not tell of messages. Check that you may manage the page's"
    " messages, and connect it again."
)
NOT_HERE = "We are not connected to Meta. Ask us."


class NotConnected(ValueError):
    """The account cannot be connected; the text says why, and what to do."""


@dataclass(frozen=True)
class Chosen:
    """One account of a page."""

    channel: str
    address: str
    node: str
    name: str
    token: str


def accounts_of(page: meta.Page, with_page: bool, with_instagram: bool) -> list[Chosen]:
    """What of the page is to be connected."""
    found = []
    if with_page:
        found.append(Chosen("messenger", page.id, page.id, page.name, page.token))
    if with_instagram and page.instagram_id:
        name = f"@{page.instagram_name}" if page.instagram_name else page.name
        found.append(Chosen("instagram", page.instagram_id, page.id, name, page.token))
    return found


def carrier() -> meta.MetaProvider:
    """Raises NotConnected."""
    found = provider("meta")
    if not isinstance(found, meta.MetaProvider):
        raise NotConnected(NOT_HERE)
    return found


def pages(token: str) -> list[meta.Page]:
    """The pages that a person's token opens. Raises NotConnected."""
    try:
        return carrier().pages(token)
    except SendError as error:
        raise NotConnected(error.reason) from error


def connect(chosen: Sequence[Chosen], now: datetime, *, human_agent: bool = False) -> None:
    """Let Meta tell us of the accounts, see that it does, and keep them. Commits. Raises
    NotConnected, and has changed nothing here then."""
    told = {each.node: _subscribed(each) for each in chosen}
    for each in chosen:
        store(each, now, human_agent=human_agent).subscribed = told[each.node]
    db.session.commit()
    account_routes.forget()
    tasks.enqueue(tasks.Task.DRAIN_OUTBOX)


def store(chosen: Chosen, now: datetime, *, human_agent: bool = False) -> ChannelAccount:
    """Keep the account in place of the channel's former one; what waits to leave from that is
    refused (app/outbox/queue/foreign_sender.py). Part of the caller's transaction. Raises
    NotConnected where another business has it."""
    former = select(ChannelAccount).where(ChannelAccount.channel == chosen.channel)
    row = db.session.scalar(former) or ChannelAccount(channel=chosen.channel)
    row.address, row.node, row.name = chosen.address, chosen.node, chosen.name
    row.token_sealed = vault().seal(chosen.token)
    row.human_agent, row.connected_at, row.check_at = human_agent, now, now + CHECK_EVERY
    row.trouble = row.warning = row.token_ends_at = None
    db.session.add(row)
    try:
        db.session.flush()
    except IntegrityError:
        db.session.rollback()
        raise NotConnected(IN_USE) from None
    _go_on(chosen.channel)
    return row


def disconnect(channel: str) -> None:
    """Nothing more comes or goes by the channel, committed; what was said stays."""
    its = delete(ChannelAccount).where(ChannelAccount.channel == channel)
    gone = its.returning(ChannelAccount.id, ChannelAccount.name)
    for id_, name in db.session.execute(gone.execution_options(synchronize_session=False)):
        record(AuditAction.DELETED, row_kind="channel_account", row_id=id_, row_name=name)
    _go_on(channel)
    db.session.commit()
    account_routes.forget()


def connected() -> list[ChannelAccount]:
    """The accounts of the business in scope."""
    return list(db.session.scalars(select(ChannelAccount).order_by(ChannelAccount.id)))


def _go_on(channel: str) -> None:
    """What was wrong with the former is no more."""
    pause = SenderPause.tenant_id == current_tenant_id(), SenderPause.channel == channel
    db.session.execute(delete(SenderPause).where(*pause))


def _subscribed(chosen: Chosen) -> list[str]:
    """While nothing of the database is held."""
    account = Account(chosen.address, chosen.token, chosen.node)
    db.session.rollback()
    try:
        carrier().subscribe(account)
        told = carrier().subscribed(account)
    except SendError as error:
        raise NotConnected(error.reason) from error
    if "messages" not in told:
        raise NotConnected(NOT_TOLD)
    return told
