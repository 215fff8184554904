"""Answers that are whole before the first byte of them goes out."""

from collections.abc import Iterable
from wsgiref.types import StartResponse, WSGIApplication, WSGIEnvironment


def whole(app: WSGIApplication) -> WSGIApplication:
    """The program for Werkzeug's server, which closes no answer whose browser has hung up
    (serving.py, `execute`): a file would stay open, and fail whichever test is just ending."""

    def answered(environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        parts = app(environ, start_response)
        try:
            return [b"".join(parts)]
        finally:
            if hasattr(parts, "close"):
                parts.close()

    return answered
