"""Each request is timed, by its route and what was answered (app/metrics)."""

from time import perf_counter

from flask import Flask, Response, g, request

from app.metrics.requests_served import Kind, served
from app.web.guards.short_way import both_ways

WEBHOOKS = frozenset({"webhooks", "inbound_email", "meta_webhook"})


def init_app(app: Flask) -> None:
    """Call it before all that has a say in requests, so that it is timed, too."""
    app.before_request(begin)
    app.after_request(end)


@both_ways
def begin() -> None:
    g.began = perf_counter()


@both_ways
def end(response: Response) -> Response:
    # Without it the request was refused before it came to anything.
    if began := g.pop("began", None):
        rule = request.url_rule
        kind = Kind.WEBHOOK if request.blueprint in WEBHOOKS else Kind.PAGE
        served(kind, rule.rule if rule else None, response.status_code, perf_counter() - began)
    return response
