"""Calls of customers, as the carrier tells of them: who is to ring, and what came of it."""

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from app.channels import CHANNELS, family
from app.extensions import db
from app.inbound.routing import Route
from app.inbound.statement import statement, store
from app.lib.call_outcome import CallOutcome
from app.lib.phone import can_be_texted, is_number, variants
from app.models import Tenant
from app.models.call import WITHHELD
from app.outbox.sender import platforms
from app.providers.base import CallReport

STATEMENT = statement("calls.sql")
TEXTED_ON = CHANNELS["sms"]
RANKS = [outcome.value for outcome in CallOutcome]


@dataclass(frozen=True)
class Forward:
    """The telephone of the business that a call rings at."""

    number: str
    shown_as: str | None
    """The number that it shows; None: the caller's."""
    screened: bool
    """Whether whoever takes the call must say so, as a voicemail cannot."""


def begin(route: Route, call: CallReport, now: datetime) -> Forward | None:
    """Record that somebody calls, and say where it is to ring; None: nowhere, it is missed.

    When this returns, it is committed.
    """
    to = forward(_tenant(route), call)
    outcome = CallOutcome.RINGING if to else CallOutcome.MISSED
    record(route, replace(call, outcome=outcome), now)
    return to


def forward(tenant: Tenant, call: CallReport) -> Forward | None:
    """Where the call is to ring. A number that is forwarded to itself would ring for ever."""
    number = tenant.forward_calls_to
    if number is None or number == call.called:
        return None
    # A carrier refuses to dial on behalf of what is no number; the one called is the business's.
    shown_as = None if is_number(call.caller) else call.called
    return Forward(number, shown_as, tenant.screen_calls)


def record(route: Route, call: CallReport, now: datetime) -> bool:
    """Keep what is known of the call as of now; whether it was news.

    A call has one row for ever, and its outcome only moves up in rank. Who calls from a number
    that can be texted is met again or becomes a customer. When this returns, it is committed.
    Raises SQLAlchemy's errors when the database does not take it.
    """
    return bool(store(STATEMENT, route.tenant_id, parameters(route, call, now)).news)


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
        "outcome": call.outcome.value,
        "missed_at": now if call.outcome is CallOutcome.MISSED else None,
        "seconds": call.seconds,
        "ranks": RANKS,
        "now": now,
    }


def reachable(tenant: Tenant, caller: str) -> bool:
    """Whether a text to the caller can arrive, and not at the business itself."""
    own = (tenant.sms_from, tenant.whatsapp_from, tenant.forward_calls_to)
    return can_be_texted(caller) and caller not in (*own, *platforms().values())


def _tenant(route: Route) -> Tenant:
    return db.session.get_one(Tenant, route.tenant_id)
