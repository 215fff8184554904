"""Errors as a person reads them, or as JSON where a program asks."""

import structlog
from flask import Flask, Response, jsonify, make_response, render_template, request
from flask_wtf.csrf import CSRFError
from sqlalchemy.exc import DataError, DBAPIError, InterfaceError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from werkzeug.exceptions import HTTPException, SecurityError

from app.extensions import db
from app.web.guards import problem
from app.web.guards.access import wants_json
from app.web.guards.short_way import PAGE, short

TEXTS = {
    400: "The request was not understood. Go back, reload the page and try again.",
    401: "Sign in first.",
    403: "You are not allowed to see this.",
    404: "There is nothing here. It may have been moved or removed.",
    405: "This address does not do that.",
    413: "That is too large. Send something smaller.",
    415: "That kind of content is not understood here.",
    429: "Too many tries. Wait a minute and try again.",
    500: "Something went wrong on our side. It has been written down; try again in a moment.",
    503: "The service is busy or being restarted. Try again in a moment.",
}

# Headers that say what to do about it.
PASSED_ON = ("Allow", "Retry-After", "WWW-Authenticate")

log = structlog.get_logger()


def init_app(app: Flask) -> None:
    app.register_error_handler(HTTPException, on_http_error)
    app.register_error_handler(CSRFError, on_csrf_error)
    app.register_error_handler(DBAPIError, on_database_error)
    app.register_error_handler(PoolTimeout, on_database_away)
    app.register_error_handler(Exception, on_bug)


def answer(status: int, text: str | None = None) -> Response:
    """The error in the form that the caller understands."""
    text = text or TEXTS.get(status, TEXTS[400] if status < 500 else TEXTS[500])
    if request.path.startswith(problem.API) and request.path != PAGE:
        said = problem.TEXTS.get(status, text)
        response = problem.told(problem.Problem(status, said))
    elif wants_json():
        response = make_response(jsonify(error=text), status)
    elif short() or request.routing_exception.__class__ is SecurityError:
        response = make_response(text, status, {"Content-Type": "text/plain; charset=utf-8"})
    else:
        response = make_response(render_template("error.html", status=status, text=text), status)
    if status == 503:
        response.headers["Retry-After"] = "5"
    return response


def on_http_error(error: HTTPException) -> Response:
    if error.response is not None:
        return make_response(error.response)
    response = answer(error.code or 500, getattr(error, "plain", None))
    response.headers.extend(
        {name: value for name, value in error.get_headers() if name in PASSED_ON}
    )
    return response


def on_csrf_error(_error: CSRFError) -> Response:
    return answer(400, "This page was open for too long. Reload it and try again.")


def on_database_error(error: DBAPIError) -> Response:
    """Away is 503 and will pass; a number that no column holds is 400; the rest is our mistake."""
    if isinstance(error, DataError):
        db.session.rollback()
        return answer(400)
    if isinstance(error, OperationalError | InterfaceError) or error.connection_invalidated:
        return on_database_away(error)
    return on_bug(error)


def on_database_away(error: Exception) -> Response:
    log.error("database_away", error=type(error).__name__, path=request.endpoint)
    return answer(503)


def on_bug(error: Exception) -> Response:
    if type(error).__module__.startswith("gunicorn.http"):
        # The body breaks off or is no HTTP: gunicorn finds out while we read it.
        return answer(400)
    # Only the kind and place: the text of a database error quotes the row.
    log.error("bug", error=type(error).__name__, endpoint=request.endpoint, where=_where(error))
    db.session.rollback()
    return answer(500)


def _where(error: BaseException) -> list[str]:
    place, trace = error.__traceback__, []
    while place is not None:
        code = place.tb_frame.f_code
        trace.append(f"{code.co_filename}:{place.tb_lineno} {code.co_name}")
        place = place.tb_next
    return trace[-8:]
