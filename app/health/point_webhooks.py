"""Sets the addresses at Twilio that bring us what happens to a business's numbers, on its behalf.

Somebody waits for it: all that is asked of Twilio has one deadline. Where Twilio calls somebody
else now, it is set only once an admin has seen whom.
"""

import hashlib
from collections.abc import Callable, Collection, Iterable
from concurrent.futures import TimeoutError as TooLate
from dataclasses import dataclass
from functools import partial
from time import monotonic
from typing import TypeVar

import structlog

from app.channels import CHANNELS
from app.extensions import db
from app.health.twilio_lines import Question, about_own_numbers
from app.health.webhook_urls import Difference, address, differences
from app.lib.vault import VaultError
from app.models import NumberState, Tenant
from app.numbers.rights import rights
from app.outbox.delivery.job import callers
from app.providers.contract import Event, Outcome, SendError
from app.tenancy import current_tenant_id

SECONDS = 25.0
NO_NUMBER = (
    "You have no number of your own at Twilio that this could be set for. The addresses of a number"
    " that you share are our operator's to set."
)
UNREADABLE = "The auth token of your Twilio account cannot be read any more: enter it again."
TOO_LONG = SendError(
    "Twilio took too long. Look again in a minute: what it has set by then is told here.",
    Outcome.UNKNOWN,
)

Answer = TypeVar("Answer")
log = structlog.get_logger()


class NotSet(ValueError):
    """Nothing was set; the text says why, and what to do."""


@dataclass(frozen=True)
class Done:
    changed: list[Difference]
    trouble: str
    """Why others were not, in a sentence; empty: all were."""


@dataclass(frozen=True)
class Plan:
    """What Twilio calls now, and would call."""

    question: Question
    changes: list[Difference]
    until: float
    """Of the monotonic clock: so long Twilio is waited for."""

    @property
    def foreign(self) -> list[Difference]:
        """Of the changes those that take something away from somebody else."""
        return [each for each in self.changes if each.foreign]

    @property
    def seen(self) -> str:
        """A name for what stands there that is not ours: whoever agrees to it has seen it."""
        told = [f"{each.channel} {each.event} {each.stands}" for each in self.foreign]
        return hashlib.sha256("\n".join(told).encode()).hexdigest()

    def carry_out(self) -> Done:
        """Each number by itself: one that Twilio refuses keeps no other from being set."""
        done: list[Difference] = []
        troubles: list[str] = []
        for channel in dict.fromkeys(each.channel for each in self.changes):
            changes = [each for each in self.changes if each.channel == channel]
            try:
                _within(self.until, partial(_point, self.question, changes))
                done += changes
            except SendError as error:
                troubles.append(f"{CHANNELS[channel].label}: {error.reason}")
        log.info("webhooks_set", tenant=current_tenant_id(), changed=len(done))
        return Done(done, " ".join(troubles))


def plan() -> Plan:
    """What would be changed for the business in scope, as Twilio says now. Raises NotSet."""
    held, base, until = _held(), address(), monotonic() + SECONDS
    try:
        question = about_own_numbers()
    except VaultError:
        raise NotSet(UNREADABLE) from None
    if question is None or not held:
        raise NotSet(NO_NUMBER)
    try:
        asked = _within(until, question.ask)
    except SendError as error:
        raise NotSet(error.reason) from error
    ours = [each for each in asked if (each.channel, each.number) in held]
    return Plan(question, differences(ours, base), until)


def _held() -> Collection[tuple[str, str]]:
    """The numbers that it has a right to within the account that it uses, by channel."""
    tenant = db.session.get_one(Tenant, current_tenant_id())
    rows = (row for row in rights(tenant) if row.state == NumberState.HELD)
    return {(row.channel, row.number) for row in rows}


def _point(question: Question, changes: Iterable[Difference]) -> None:
    urls: dict[Event, str] = {}
    for change in changes:
        channel, number = CHANNELS[change.channel], change.number
        urls[change.event] = change.ours
    question.carrier.point(question.account, channel, number, urls)


def _within(until: float, call: Callable[[], Answer]) -> Answer:
    """The call's answer, if it comes by then. Raises SendError."""
    with callers(1, "twilio") as pool:
        try:
            return pool.submit(call).result(max(until - monotonic(), 0))
        except TooLate:
            raise TOO_LONG from None
