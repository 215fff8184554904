"""Calls of customers, as the carrier tells of them: who is to ring, and what came of it."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any, NamedTuple

from app import live, tasks
from app.channels import CHANNELS, family
from app.extensions import db
from app.inbound import arrived
from app.inbound.routing import Route
from app.inbound.statement import statement, store
from app.lib.telephone.call_outcome import CallOutcome
from app.lib.telephone.destination import place
from app.lib.telephone.phone import can_be_texted, is_number, variants
from app.lib.time.clock import local_day
from app.models import Tenant
from app.models.call import WITHHELD
from app.outbox.queue.destinations import closed
from app.outbox.senders.twilio_senders import platforms
from app.providers.contract import CallReport

STATEMENT, TAKEN = statement("incoming_calls.sql"), statement("taken.sql")
TEXTED_ON = CHANNELS["sms"]
RANKS = [outcome.value for outcome in CallOutcome]
# That a call is over is told beside what came of it, in any order: so long after it, it is missed.
SETTLED_AFTER = timedelta(seconds=5)

# A call at our cost that nobody ends costs as long as it lasts (Twilio's own limit is four hours).
LONGEST = timedelta(hours=1)


@dataclass(frozen=True)
class Forward:
    """The telephone of the business that a call rings at."""

    number: str
    shown_as: str | None
    """The number that it shows; None: the caller's."""
    screened: bool
    """Whether whoever takes the call must say so, as a voicemail cannot."""
    longest: timedelta | None = None
    """How long the two may talk; None: as long as they like."""


def begin(route: Route, call: CallReport, now: datetime) -> Forward | None:
    """Record that somebody calls, and say where it is to ring; None: nowhere, it is missed.

    What rings at the platform's cost is counted, once for each call, and beyond the day's limit
    nothing does. When this returns, it is committed.
    """
    tenant = _tenant(route)
    to = forward(route, tenant, call)
    outcome = CallOutcome.RINGING if to else CallOutcome.MISSED
    most = tenant.calls_a_day if to and _at_our_cost(route) else None
    kept = _keep(route, replace(call, outcome=outcome, sure=True), now, most)
    return to if kept.outcome != CallOutcome.MISSED else None


def forward(route: Route, tenant: Tenant, call: CallReport) -> Forward | None:
    """Where the call is to ring. A number that is forwarded to itself would ring for ever; one that
    must not ring at our cost may have been entered before that was asked."""
    number = tenant.forward_calls_to
    if number is None or number == call.called:
        return None
    ours = _at_our_cost(route)
    if ours and closed([tenant.country, *tenant.open_countries], number):
        return None
    # A carrier refuses to dial on behalf of what is no number; the one called is the business's.
    shown_as = None if is_number(call.caller) else call.called
    return Forward(number, shown_as, tenant.screen_calls, LONGEST if ours else None)


def _at_our_cost(route: Route) -> bool:
    # Whose account signed, and not whose the business has by now: that one pays.
    return not route.token_sealed


def record(route: Route, call: CallReport, now: datetime) -> bool:
    """Keep what is known of the call as of now; whether it was news.

    A call has one row for ever, and its outcome only moves up in rank. Who calls from a number
    that can be called back is met again or becomes a customer, whose conversation moves up when
    nobody took the call. When this returns, it is committed and told. Raises SQLAlchemy's errors
    when the database does not take it.
    """
    return bool(_keep(route, call, now).news)


class Kept(NamedTuple):
    """A call: whether anything of it was news, whose it is, and what is known now."""

    news: bool
    customer_id: int | None
    outcome: str


def _keep(route: Route, call: CallReport, now: datetime, most: int | None = None) -> Kept:
    """What came of keeping it. With most, a new call counts among so many of the day, and is missed
    where there are as many already. Rings for the follow-up of one that is missed."""
    values = parameters(route, call, now) | {"most": most}
    kept = Kept(*store(STATEMENT, route.tenant_id, values))
    if kept.news and kept.outcome == CallOutcome.MISSED:
        tasks.enqueue(tasks.Task.PLAN_MISSED)
    if kept.outcome == CallOutcome.ANSWERED:
        store(TAKEN, route.tenant_id, {"tenant": route.tenant_id, "sid": call.sid})
    if kept.news and kept.customer_id:
        tell = arrived.tell if kept.outcome == CallOutcome.MISSED else live.publish
        tell(route.tenant_id, kept.customer_id)
    return kept


def parameters(route: Route, call: CallReport, now: datetime) -> dict[str, Any]:
    """What the statement is told of the call."""
    tenant = _tenant(route)
    return {
        "tenant": route.tenant_id,
        "sid": call.sid,
        "account": route.account_sid,
        "caller": call.caller or WITHHELD,
        "known_as": variants(call.caller) if is_number(call.caller) else [],
        "channel": TEXTED_ON.key,
        "family": family(TEXTED_ON),
        "reachable": call.caller != call.called and reachable(tenant, call.caller),
        "returnable": call.caller != call.called and returnable(tenant, call.caller),
        "outcome": call.outcome.value,
        "seconds": call.seconds,
        "missed_at": now if call.sure else now + SETTLED_AFTER,
        "ranks": RANKS,
        "day": local_day(now, tenant.timezone),
        "now": now,
    }


def reachable(tenant: Tenant, caller: str) -> bool:
    """Whether a text to the caller can arrive, and not at the business itself."""
    return can_be_texted(caller) and returnable(tenant, caller)


def returnable(tenant: Tenant, caller: str) -> bool:
    """Whether the caller can be called back at an ordinary rate, and is not the business itself."""
    own = (tenant.sms_from, tenant.whatsapp_from, tenant.forward_calls_to)
    ordinary = is_number(caller) and not place(caller).costly
    return ordinary and caller not in (*own, *platforms().values())


def _tenant(route: Route) -> Tenant:
    return db.session.get_one(Tenant, route.tenant_id)
