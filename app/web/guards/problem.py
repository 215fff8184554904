"""Errors as a program reads them: problem details (RFC 9457)."""

from collections.abc import Mapping, Sequence
from http import HTTPStatus

from flask import Response, json

API = "/api/v1/"
# Where another text is for people in front of a page.
TEXTS = {
    400: "The request cannot be read: is its body JSON?",
    404: "There is nothing here. What there is stands in /api/v1/docs.",
    405: "This address does not do that; Allow says what it does.",
    429: "Too many requests were refused. Wait a minute, and look at why.",
}


class Problem(Exception):
    """A request to the API cannot be carried out; the detail tells its maker why and what to do."""

    def __init__(
        self,
        code: int,
        detail: str,
        errors: Sequence[Mapping[str, str]] = (),
        headers: Mapping[str, str] | None = None,
    ) -> None:
        """errors: of the body, each with a `pointer` (RFC 6901) and a `detail`."""
        super().__init__(detail)
        self.code, self.detail, self.errors = code, detail, [dict(each) for each in errors]
        self.headers = dict(headers or {})


def told(problem: Problem) -> Response:
    """As the answer to the request."""
    body: dict[str, object] = {
        "type": "about:blank",
        "title": HTTPStatus(problem.code).phrase,
        "status": problem.code,
        "detail": problem.detail,
    }
    if problem.errors:
        body["errors"] = problem.errors
    answer = Response(json.dumps(body), problem.code, problem.headers)
    answer.mimetype = "application/problem+json"
    return answer
