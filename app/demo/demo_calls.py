"""The demo business's calls, and its review requests."""

import uuid
from collections.abc import Iterator
from datetime import datetime, timedelta
from functools import partial

from sqlalchemy import select

from app.demo.demo_conversations import customer_id
from app.demo.demo_days import Days, Event
from app.demo.demo_notifications import ask_after_visits
from app.extensions import db
from app.inbound import incoming_calls
from app.inbound.routing import Route
from app.lib.telephone.call_outcome import CallOutcome
from app.models import Call, Customer, Notification, Tenant
from app.notifications import ask_for_review
from app.notifications.content import review_link
from app.notifications.planning import missed_calls
from app.providers.contract import CallReport

# (when, caller, seconds; 0: nobody took it)
CALLS = (
    ("-2@12:50", "+17185550191", 0),
    ("29.8", "+13475550128", 184),
    ("3.3", "+18485550187", 0),
)
PLEASED, ASKED, OPENED = "+12015550176", "-6@17:30", "-6@17:40"
AFTER_VISITS = "-1@08:30"
# Until the caller has hung up.
NOTICED = timedelta(minutes=1)


def events(tenant: Tenant, days: Days) -> Iterator[Event]:
    route = Route(tenant.id, tenant.slug, tenant.country, tenant.timezone, None)
    for when, caller, seconds in CALLS:
        at = days.when(when)
        yield Event(at + NOTICED, partial(_call, route, caller, seconds, at))
    for when, happen in ((ASKED, _ask), (OPENED, _open), (AFTER_VISITS, ask_after_visits)):
        at = days.when(when)
        yield Event(at, partial(happen, at))


def _call(route: Route, caller: str, seconds: int, at: datetime) -> None:
    outcome = CallOutcome.ANSWERED if seconds else CallOutcome.MISSED
    sid = f"CA{uuid.uuid4().hex}"
    incoming_calls.record(route, CallReport(sid, caller, "+14155550100", outcome, seconds), at)
    if not seconds:
        call = db.session.scalars(select(Call).where(Call.provider_sid == sid)).one()
        missed_calls.follow_up(call, at + NOTICED)
    db.session.commit()


def _ask(at: datetime) -> None:
    ask_for_review.request(db.session.get_one(Customer, customer_id(PLEASED)), at)


def _open(at: datetime) -> None:
    asked = select(Notification).filter_by(customer_id=customer_id(PLEASED), type="review_request")
    review_link.opened(db.session.scalars(asked).one().link or "", at, counts=True)
