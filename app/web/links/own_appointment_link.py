"""The page behind the link of an appointment: its customer confirms, cancels or moves it.

Whoever has the link may press its buttons, signed in or not; to open it changes nothing, as
programs open links, too.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime

from flask import Blueprint, redirect, request, url_for
from werkzeug.exceptions import NotFound
from werkzeug.wrappers import Response

from app.appointments import self_service
from app.appointments.commands import Refused
from app.appointments.self_service import NotByLink, Why
from app.extensions import db, limiter
from app.lib.keyed_hash import hashed
from app.lib.time.clock import now
from app.models import Appointment, Tenant
from app.notifications.content.manage_link import read
from app.tenancy import tenant_scope
from app.web.guards import access
from app.web.guards.csrf import csrf
from app.web.guards.strangers import refuse
from app.web.links.own_appointment_pages import Own, page, times_page

blueprint = Blueprint("own_appointment", __name__, url_prefix="/a/<token>")
access.allow("own_appointment", access.PUBLIC)
# What is in the address is the proof: no other site knows it.
csrf.exempt(blueprint)

LOOKS, DEEDS = "120 per hour", "20 per hour"
SAID = {"confirmed": "confirmed_now", "moved": "moved_now", "cancelled": "cancelled_now"}


def _link() -> str:
    return hashed((request.view_args or {}).get("token", ""))


@blueprint.get("")
@limiter.limit(lambda: LOOKS, key_func=_link)
def show(token: str) -> str:
    """404 where the link is none of ours, or its appointment is gone."""
    with _own(token) as own:
        return page(own, SAID.get(request.args.get("done", ""), ""))


@blueprint.get("/times")
@limiter.limit(lambda: LOOKS, key_func=_link)
def choose(token: str) -> Response | str:
    """The free places of a week from a day on (day=), where it may be moved."""
    with _own(token) as own:
        if own.may.move:
            return times_page(own)
        return redirect(url_for(".show", token=token), 303)


@blueprint.post("/confirm")
@limiter.limit(lambda: DEEDS, key_func=_link)
def confirm(token: str) -> Response | tuple[str, int]:
    with _own(token) as own:
        return _done(own, lambda: self_service.confirm(own.id, now()), "confirmed")


@blueprint.post("/cancel")
@limiter.limit(lambda: DEEDS, key_func=_link)
def cancel(token: str) -> Response | tuple[str, int]:
    with _own(token) as own:
        return _done(own, lambda: self_service.cancel(own.id, now()), "cancelled")


@blueprint.post("/move")
@limiter.limit(lambda: DEEDS, key_func=_link)
def move(token: str) -> Response | tuple[str, int]:
    """to: the new start; seen: the one that the page showed."""
    to, seen = _instant("to"), _instant("seen")
    with _own(token) as own:
        if to is None:
            return (times_page(own) if own.may.move else page(own)), 422
        return _done(own, lambda: self_service.move(own.id, now(), to=to, seen=seen), "moved")


def _done(own: Own, deed: Callable[[], Appointment], word: str) -> Response | tuple[str, int]:
    try:
        deed()
    except NotByLink as refused:
        db.session.rollback()
        if refused.why == Why.TAKEN:
            return times_page(own.again(), "taken"), 409
        return page(own.again(), refused.why.value), 409
    except Refused:
        # Staff have changed it in the same moment.
        db.session.rollback()
        return page(own.again(), Why.MEANWHILE.value), 409
    return redirect(url_for(".show", token=own.token, done=word), 303)


@contextmanager
def _own(token: str) -> Iterator[Own]:
    named = read(token)
    if named is None:
        refuse(NotFound())
    with tenant_scope(named.tenant_id):
        appointment = db.session.get(Appointment, named.appointment_id)
        tenant = db.session.get(Tenant, named.tenant_id)
        if appointment is None or tenant is None:
            refuse(NotFound())
        yield Own(token, appointment, tenant, now())


def _instant(field: str) -> datetime | None:
    try:
        return datetime.fromisoformat(request.form.get(field, "")).astimezone()
    except (ValueError, OverflowError):
        return None
