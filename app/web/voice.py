"""Twilio calls here when somebody telephones a business, and does what it is answered."""

from flask import Response, request

from app.extensions import db, settings
from app.inbound import incoming_calls, spoken
from app.inbound.routing import Route
from app.lib.telephone.call_outcome import CallOutcome
from app.lib.time.clock import now
from app.models import Tenant
from app.providers import twilio
from app.providers.twilio import twiml
from app.web.webhooks import blueprint, verified

TAKE = "1"


@blueprint.post("/answer")
def answer(slug: str) -> Response:
    """Somebody calls: the business's telephone rings, or they hear that nobody is there."""
    route = verified(slug)
    to = incoming_calls.begin(route, twilio.call_report(request.form), now())
    if to is None:
        return _nobody(route)
    whisper = _url(route, "whisper") if to.screened else None
    then = _url(route, "status")
    return _do(twiml.ring(to.number, to.shown_as, then, whisper, to.longest))


@blueprint.post("/status")
def call_status(slug: str) -> Response:
    """The telephone was taken or not, or the call is over; who still listens hears which."""
    route = verified(slug)
    call = twilio.call_report(request.form)
    incoming_calls.record(route, call, now())
    return _nobody(route) if call.outcome is CallOutcome.MISSED else _do(twiml.go_on())


@blueprint.post("/whisper")
def whisper(slug: str) -> Response:
    """Whoever picked up is asked to take the call: a voicemail presses no key."""
    route = verified(slug)
    if twilio.key_pressed(request.form) == TAKE:
        return _do(twiml.go_on())
    business = _business(route)
    language = spoken.language(business.country)
    sentence = spoken.PRESS_ONE[language].format(business=business.name)
    return _do(twiml.ask_for_a_key(sentence, language, _url(route, "whisper")))


def _nobody(route: Route) -> Response:
    language = spoken.language(_business(route).country)
    return _do(twiml.say(spoken.NOBODY[language], language))


def _business(route: Route) -> Tenant:
    return db.session.get_one(Tenant, route.tenant_id)


def _url(route: Route, name: str) -> str:
    return f"{settings().public_url}/api/twilio/{route.slug}/{name}"


def _do(document: str) -> Response:
    return Response(document, mimetype="text/xml")
