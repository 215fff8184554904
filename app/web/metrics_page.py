"""GET /metrics, for Prometheus: for whoever has METRICS_TOKEN, and for this machine itself."""

import hmac
from urllib.parse import urlsplit

from flask import Blueprint, Response, request
from prometheus_client import CONTENT_TYPE_PLAIN_0_0_4
from werkzeug.datastructures import WWWAuthenticate
from werkzeug.exceptions import Unauthorized

from app.config import is_loopback
from app.extensions import settings
from app.lib.time.clock import now
from app.metrics import requests_served
from app.operations import gauges
from app.web.guards import access, strangers

# Whoever sets one of these asks for somebody else, however near they are.
FORWARDED = ("X-Forwarded-For", "X-Forwarded-Host", "X-Real-IP", "Forwarded", "Via")

blueprint = Blueprint("metrics", __name__)
access.allow("metrics", access.PUBLIC)


@blueprint.get("/metrics")
def scrape() -> Response:
    """All figures in Prometheus' text format."""
    if not _admitted():
        strangers.refuse(Unauthorized(www_authenticate=WWWAuthenticate("bearer")))
    told = requests_served.exposition() + gauges.exposition(now())
    return Response(told, content_type=CONTENT_TYPE_PLAIN_0_0_4)


def _admitted() -> bool:
    """By the token alone where one is shown; else from here."""
    if "Authorization" not in request.headers:
        return _from_here()
    given, wanted = request.authorization, settings().metrics_token or ""
    shown = (given.token if given and given.type == "bearer" else None) or ""
    return bool(wanted) and hmac.compare_digest(wanted.encode(), shown.encode("utf-8", "replace"))


def _from_here() -> bool:
    """Whether a program of this machine asks us, and no proxy for somebody else: that one names
    another host, or whom it asks for."""
    if any(name in request.headers for name in FORWARDED):
        return False
    host = urlsplit(request.host_url).hostname or ""
    return is_loopback(request.remote_addr or "") and is_loopback(host)
