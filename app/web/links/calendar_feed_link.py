"""The address at which a calendar program reads appointments; whoever has it is no user."""

from flask import Blueprint, Response, request
from werkzeug.exceptions import NotFound

from app.appointments.feeds import feed_addresses as addresses
from app.appointments.feeds.write_feed import read_feed, version, written
from app.extensions import db, limiter
from app.inbound.routing import route
from app.lib.keyed_hash import hashed
from app.lib.time.clock import now
from app.models import Tenant
from app.tenancy import tenant_scope
from app.web.guards import access
from app.web.guards.strangers import refuse

# Several programs and telephones read one, some of them every five minutes.
OFTEN = "240 per hour"

blueprint = Blueprint("calendar_feed", __name__, url_prefix="/calendar/feed/<slug>")
access.allow("calendar_feed", access.PUBLIC)


@blueprint.get("/<token>.ics")
@limiter.limit(lambda: OFTEN, key_func=lambda: hashed(request.path))
def read(slug: str, token: str) -> Response:
    """404 where the address is none of ours, or no more; 304 for whoever has what it says."""
    business = route(slug)
    if business is None:
        refuse(NotFound())
    with tenant_scope(business.tenant_id):
        return _answer(business.tenant_id, token)


def _answer(tenant_id: int, token: str) -> Response:
    found, moment = addresses.found(token), now()
    if found is None:
        refuse(NotFound())
    feed = read_feed(found, db.session.get_one(Tenant, tenant_id).name, moment)
    answer = Response(mimetype="text/calendar")
    answer.set_etag(version(feed))
    answer.headers["Cache-Control"] = "private, no-cache"
    answer.make_conditional(request)
    if answer.status_code == 200:
        answer.set_data(written(feed, moment))
    addresses.note_reading(found, moment)
    return answer
