"""What Twilio calls, a visitor's live chat asks and the API answers goes a short way: no session,
sign-in, limit or CSRF token is looked at, no cookie is set, and no header of the pages of staff."""

from collections.abc import Callable
from typing import Any, TypeVar

from flask import Flask, Request, Response, request
from flask.sessions import SecureCookieSession, SecureCookieSessionInterface
from flask.typing import ResponseReturnValue

PREFIXES = ("/api/twilio/", "/chat/", "/api/v1/")
# A page among them, with all that pages have.
PAGE = "/api/v1/docs"
# What proxies and whoever opens the address in a browser are told all the same.
HEADERS = {"X-Content-Type-Options": "nosniff", "Cache-Control": "no-store"}

Function = TypeVar("Function", bound=Callable[..., Any])
_both: set[Callable[..., Any]] = set()


def both_ways(function: Function) -> Function:
    """A function before or after all requests that runs on the short way, too."""
    _both.add(function)
    return function


def short() -> bool:
    """Whether this request goes it."""
    return is_short(request.path)


def is_short(path: str) -> bool:
    """Whether a request to that path does."""
    return path.startswith(PREFIXES) and path != PAGE


class Sessions(SecureCookieSessionInterface):
    def open_session(self, app: Flask, request: Request) -> SecureCookieSession | None:
        """None: there is none, and nothing can be written into it."""
        return None if is_short(request.path) else super().open_session(app, request)


class Program(Flask):
    session_interface = Sessions()

    def ensure_sync(self, func: Callable[..., Any]) -> Callable[..., Any]:
        """None of ours is async, and each that a request runs would be looked at for that."""
        return func

    def preprocess_request(self) -> ResponseReturnValue | None:
        if not short():
            return super().preprocess_request()
        for each in filter(_both.__contains__, self.before_request_funcs[None]):
            answer: ResponseReturnValue | None = self.ensure_sync(each)()
            if answer is not None:
                return answer
        return None

    def process_response(self, response: Response) -> Response:
        if not short():
            return super().process_response(response)
        for name, value in HEADERS.items():
            response.headers.setdefault(name, value)
        for each in filter(_both.__contains__, reversed(self.after_request_funcs[None])):
            response = self.ensure_sync(each)(response)
        return response
