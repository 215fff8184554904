"""For load balancers and whoever supervises: is the process alive? They ask all the time."""

from collections.abc import Iterable
from time import perf_counter
from wsgiref.types import StartResponse, WSGIApplication, WSGIEnvironment

from app.metrics.requests_served import Kind, served

PATH = "/health/live"
BODY = b'{"status":"alive"}\n'
HEADERS = [
    ("Content-Type", "application/json"),
    ("Content-Length", str(len(BODY))),
    ("Cache-Control", "no-store"),
    ("X-Content-Type-Options", "nosniff"),
]


def answering(app: WSGIApplication) -> WSGIApplication:
    """The program with GET /health/live, which stands before sign-ins, limits and headers: nothing
    of the request is looked at, and nothing but a process that serves is needed."""

    def served_first(environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        if environ["PATH_INFO"] != PATH or environ["REQUEST_METHOD"] not in ("GET", "HEAD"):
            return app(environ, start_response)
        began = perf_counter()
        start_response("200 OK", list(HEADERS))
        served(Kind.PAGE, PATH, 200, perf_counter() - began)
        return [BODY] if environ["REQUEST_METHOD"] == "GET" else []

    return served_first
