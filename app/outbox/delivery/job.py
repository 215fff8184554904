"""A claimed message with all that the carrier must be told, so that no call needs the database."""

from collections.abc import Callable, Iterator
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from time import monotonic
from typing import TypeVar

import structlog
from sqlalchemy import select

from app.channels import CHANNELS
from app.extensions import db
from app.lib import shutdown
from app.lib.fault import place
from app.lib.time.clock import now
from app.lib.vault import VaultError
from app.models import Media, Message, Tenant
from app.outbox.delivery.button_cards import Card, cards_of
from app.outbox.delivery.claimed import Claimed
from app.outbox.delivery.email_thread import answers_of
from app.outbox.delivery.outgoing import files_of, languages_of, outgoing
from app.outbox.delivery.thread_terms import Terms, terms_of
from app.outbox.sender import account_used
from app.providers import provider
from app.providers.contract import (
    Account,
    Fault,
    Outcome,
    Outgoing,
    Provider,
    SendError,
    before_the_call,
)
from app.tenancy import unscoped

Answer = TypeVar("Answer")
Part = TypeVar("Part")
# Well within a claim's lease, whatever the carrier does: its own timeouts are per read.
DEADLINE = timedelta(seconds=30)
# How soon a request to stop is noticed while calls are under way.
GLANCE_SECONDS = 0.5

log = structlog.get_logger()

NO_ACCOUNT = SendError(
    "No Twilio account is connected. An admin can enter one under Business.",
    Outcome.REFUSED,
    sender_at_fault=True,
)
UNREADABLE_ACCOUNT = SendError(
    "The stored Twilio token cannot be read. An admin must enter it again.",
    Outcome.REFUSED,
    sender_at_fault=True,
)
ANOTHER_ACCOUNT = SendError(
    "The account that this message was sent with was changed before we could find out whether it"
    " went out. Look for the customer's answer before you write again.",
    Outcome.RETRY,
)
NOT_CONNECTED = SendError("This channel is not connected.", Outcome.REFUSED)


class NotBegun(SendError):
    """The carrier was not called, and certainly has nothing."""

    def __init__(self) -> None:
        super().__init__("It was not sent yet, and is sent in a moment.", Outcome.RETRY)


@dataclass(frozen=True)
class Job:
    """What could not be made ready is an error here, raised when the carrier is to be called."""

    message: Claimed
    _outgoing: Outgoing | SendError
    _account: Account | SendError

    @property
    def outgoing(self) -> Outgoing:
        """What the carrier is told. Raises Fault where our own code broke over it."""
        return _ready(self._outgoing)

    @property
    def account(self) -> Account:
        """The account that it was claimed for. Raises SendError where there is none, or where it
        is not ours to ask any more (ANOTHER_ACCOUNT)."""
        return _ready(self._account)

    @property
    def carrier(self) -> Provider:
        """Who carries it. Raises SendError where nobody does."""
        carrier = provider(self.outgoing.channel.provider)
        if carrier is None:
            raise NOT_CONNECTED
        return carrier


def _ready(part: Part | SendError) -> Part:
    if isinstance(part, SendError):
        raise part
    return part


def jobs(messages: list[Message]) -> list[Job]:
    """The claimed messages as jobs; afterwards nothing of the database is held."""
    ids = {message.tenant_id for message in messages}
    with unscoped("the outbox is one for all tenants"):
        tenants = {t.id: t for t in db.session.scalars(select(Tenant).where(Tenant.id.in_(ids)))}
        files = files_of(messages)
        spoken, answers = languages_of(messages), answers_of(messages)
        terms = terms_of(messages)
        # They outlive what is committed next.
        db.session.expunge_all()
        cards = _cards(messages, tenants)
    made = [
        _job(
            message,
            tenants,
            files.get(message.id, []),
            spoken.get(message.id),
            answers.get(message.id, ()),
            cards.get(message.id),
            terms.get(message.id, Terms()),
        )
        for message in messages
    ]
    db.session.remove()
    return made


def _cards(messages: list[Message], tenants: dict[int, Tenant]) -> dict[int, Card]:
    """By the ids of the messages. A text goes without buttons rather than not at all."""
    try:
        return cards_of(messages, tenants, now())
    except Exception as error:
        log.error("no_buttons", fault=place(error))
        db.session.rollback()
        return {}


def _job(
    message: Message,
    tenants: dict[int, Tenant],
    files: list[Media],
    language: str | None,
    answers: tuple[str, ...],
    card: Card | None,
    terms: Terms,
) -> Job:
    claimed = Claimed.of(message)
    try:
        with before_the_call():
            tenant = tenants[message.tenant_id]
            told = outgoing(message, tenant, files, language, answers, card, terms)
            return Job(claimed, told, _account(message, tenant))
    except Fault as fault:
        # It stands alone: the others of the batch go out.
        return Job(claimed, fault, fault)


def _account(message: Message, tenant: Tenant) -> Account | SendError:
    try:
        used = account_used(tenant, CHANNELS[message.channel], message.account_sid)
    except VaultError:
        return UNREADABLE_ACCOUNT
    return used or (ANOTHER_ACCOUNT if message.account_sid else NO_ACCOUNT)


def call_all(
    made: list[Job], call: Callable[[Job], Answer], pool: ThreadPoolExecutor
) -> "Iterator[tuple[Job, Future[Answer]]]":
    """Call the carrier for all at once; each comes back as soon as it is answered.

    Whoever has no answer when DEADLINE is over, drip by drip as it may come, has none; for a
    process that was asked to stop it is over sooner.
    """
    calls = {pool.submit(call, job): job for job in made}
    until = monotonic() + DEADLINE.total_seconds()
    while calls and monotonic() < shutdown.sooner(until):
        for done in wait(calls, GLANCE_SECONDS, FIRST_COMPLETED).done:
            yield calls.pop(done), done
    for overdue, job in calls.items():
        yield job, ended(overdue)


def ended(call: "Future[Answer]") -> "Future[Answer]":
    """A call that is waited for no longer: its answer, or what stands for none."""
    if call.done():
        return call
    begun = not call.cancel()
    nothing: Future[Answer] = Future()
    too_long = SendError("The carrier took too long.", Outcome.UNKNOWN)
    nothing.set_exception(too_long if begun else NotBegun())
    return nothing


@contextmanager
def callers(most: int, name: str) -> Iterator[ThreadPoolExecutor]:
    """Threads for calls; one that is still at its call is not waited for."""
    pool = ThreadPoolExecutor(most, thread_name_prefix=name)
    try:
        yield pool
    finally:
        pool.shutdown(wait=False, cancel_futures=True)
