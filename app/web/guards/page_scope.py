"""A page works in the business that it was made for, and in no other.

A browser has one session and many tabs: by the time that a page is used, its session may be in
another business. So each page names its own: signed, in the token of all that it changes
(app/web/guards/csrf.py), and in all that its scripts fetch (static/js/live/scope.js). Where that is
not the one in scope the answer is 409, and nothing is done. Routes that work in no business are
free.
"""

import re

from flask import Flask, Response, jsonify, make_response, render_template, request
from werkzeug.exceptions import Conflict

from app.extensions import db
from app.models import Tenant
from app.web.guards import access
from app.web.guards.csrf import NOWHERE, csrf, page_business, page_token
from app.web.guards.entering import visited

# What is fetched names the page's business in the header; an event stream cannot, and asks with it.
HEADER, PARAMETER = "X-Business", "business"
UNREADABLE = -1
# Not shown again on the page of the refusal.
SECRET = re.compile("token|password|secret")


class AnotherBusiness(Conflict):
    """The page is of that business (None: it does not say of which), which is not in scope."""

    def __init__(self, named: int | None) -> None:
        super().__init__()
        self.named = named


def init_app(app: Flask) -> None:
    """Call it after the guard, which enters the scope, and before Flask-Security's set-up."""
    app.before_request(refuse_another)
    csrf.init_app(app)
    app.before_request(refuse_unnamed)
    app.register_error_handler(AnotherBusiness, on_another)
    app.jinja_env.globals["page_business"] = page_business
    # In the place of Flask-WTF's, which names it for each template.
    app.context_processor(lambda: {"csrf_token": page_token})


def refuse_another() -> None:
    """Raises AnotherBusiness where the page names one that is not in scope."""
    if not access.works_in_tenant(request.endpoint):
        return
    for named in (csrf.token().business if csrf.unsafe() else None, _scripts_business()):
        if named is not None and named != page_business():
            raise AnotherBusiness(named)


def refuse_unnamed() -> None:
    """Raises AnotherBusiness where an operator's page names none: a token of the sign-in page, or
    a script that does not say whose page it is on."""
    if visited() is None or not access.works_in_tenant(request.endpoint):
        return
    named = csrf.token().business if csrf.unsafe() else _scripts_business()
    if named is None and (csrf.unsafe() or asked_by_script()):
        raise AnotherBusiness(None)


def _scripts_business() -> int | None:
    said = request.headers.get(HEADER) or request.args.get(PARAMETER)
    if said is None:
        return None
    # No id of a business has more digits, nor has a column for more.
    return int(said) if said.isascii() and said.isdigit() and len(said) < 10 else UNREADABLE


def asked_by_script() -> bool:
    """Whether nobody will look at the answer itself."""
    # Fetch Metadata (W3C).
    return request.headers.get("Sec-Fetch-Dest") == "empty"


def on_another(error: AnotherBusiness) -> Response:
    """Say where one is now and what to do; what was typed stands on the page, to be copied."""
    here = db.session.get(Tenant, page_business()) if page_business() != NOWHERE else None
    # Other people's businesses are named to nobody but the operator.
    may_return = access.may("tenants") and (error.named or 0) > 0
    there = db.session.get(Tenant, error.named) if may_return else None
    if access.wants_json() or _scripts_business() is not None or asked_by_script():
        told = {"error": _sentence(here, there), "business": here.name if here else None}
        return make_response(jsonify(told), 409)
    page = render_template("another_business.html", here=here, there=there, typed=_typed())
    return make_response(page, 409)


def _sentence(here: Tenant | None, there: Tenant | None) -> str:
    now = f"You work in {here.name if here else 'no business'} now"
    of = f"this page is of {there.name if there else 'another business'}"
    again = f", or work in {there.name} again first" if there else ""
    reload = f"Reload the page to go on in {here.name}" if here else "Reload the page"
    return f"{now}, and {of}: nothing was changed. {reload}{again}."


def _typed() -> list[tuple[str, str]]:
    """The fields of the form that hold something, without secrets."""
    return [
        (name, value)
        for name, value in request.form.items(multi=True)
        if value.strip() and not SECRET.search(name)
    ]
