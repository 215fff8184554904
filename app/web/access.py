"""Who may call what: one table, and a guard that refuses what is not in it."""

from collections.abc import Iterable

from flask import Flask, abort, flash, g, redirect, request, session, url_for
from flask_security import current_user
from werkzeug.wrappers import Response

from app.extensions import db
from app.models import Role, Tenant
from app.tenancy import tenant_in_scope, tenant_scope

Roles = frozenset[Role]

# Nobody signed in: the route has its own way to know its callers, or needs none.
PUBLIC: Roles = frozenset()
SIGNED_IN: Roles = frozenset(Role)
STAFF: Roles = frozenset(Role)
ADMINS: Roles = frozenset({Role.TENANT_ADMIN, Role.PLATFORM_ADMIN})
PLATFORM: Roles = frozenset({Role.PLATFORM_ADMIN})

# The business in which a platform admin works for the moment.
ENTERED = "entered_tenant_id"
BIGINT = 2**63

_allowed: dict[str, Roles] = {
    "static": PUBLIC,
    "admin.static": PUBLIC,
    "security.login": PUBLIC,
    "security.logout": SIGNED_IN,
}
_needs_tenant: set[str] = set()


def allow(name: str, roles: Roles, tenant: bool = False) -> None:
    """Let the roles call an endpoint, or all of a blueprint; tenant: only within a business."""
    _allowed[name] = roles
    if tenant:
        _needs_tenant.add(name)


def roles_of(endpoint: str) -> Roles | None:
    """Who may call the endpoint; None: nobody has said, so nobody may."""
    return next((_allowed[name] for name in _names(endpoint) if name in _allowed), None)


def may(name: str) -> bool:
    """Whether whoever is signed in may call it now; for menus."""
    roles = roles_of(name)
    inside = tenant_in_scope() or not _needs_tenant.intersection(_names(name))
    return bool(current_user.is_authenticated and roles and current_user.role in roles and inside)


def _names(endpoint: str) -> Iterable[str]:
    return endpoint, endpoint.partition(".")[0]


def init_app(app: Flask) -> None:
    app.before_request(guard)
    app.teardown_request(leave_scope)


def guard() -> Response | None:
    """Enter the caller's tenant; refuse who may not call this route."""
    if _names_nothing():
        abort(404)
    endpoint = request.endpoint
    roles = roles_of(endpoint) if endpoint else PUBLIC
    if roles == PUBLIC and roles is not None:
        return None
    if not current_user.is_authenticated:
        return _ask_to_sign_in()
    _enter_scope()
    if roles is None or current_user.role not in roles:
        abort(403)
    if _needs_tenant.intersection(_names(endpoint or "")) and not tenant_in_scope():
        return _ask_for_tenant()
    return None


def _names_nothing() -> bool:
    """Whether the address has a NUL or a number in it that no row can have."""
    named = [*(request.view_args or {}).values(), *request.args.values()]
    return any("\x00" in word if isinstance(word, str) else word >= BIGINT for word in named)


def _enter_scope() -> None:
    tenant_id = current_user.tenant_id
    if current_user.role == Role.PLATFORM_ADMIN:
        tenant_id = _entered()
    if tenant_id is not None:
        g.tenant_scope = tenant_scope(tenant_id)
        g.tenant_scope.__enter__()


def _entered() -> int | None:
    """The business that a platform admin has entered, if it is still there."""
    tenant_id: int | None = session.get(ENTERED)
    if tenant_id is not None and db.session.get(Tenant, tenant_id) is None:
        session.pop(ENTERED)
        return None
    return tenant_id


def leave_scope(_error: BaseException | None = None) -> None:
    scope = g.pop("tenant_scope", None)
    if scope is not None:
        scope.__exit__(None, None, None)


def wants_json() -> bool:
    """Whether the caller would rather have JSON than a page: says so, or sends it and takes
    both."""
    accepted = request.accept_mimetypes
    json, page = accepted.quality("application/json"), accepted.quality("text/html")
    return json > page or (request.is_json and json == page)


def _ask_to_sign_in() -> Response:
    if wants_json() or request.endpoint == "live.events":
        abort(401)
    target = request.full_path.rstrip("?") if request.method == "GET" else None
    return redirect(url_for("security.login", next=target))


def _ask_for_tenant() -> Response:
    if wants_json() or request.method != "GET":
        abort(403)
    flash("Choose the business that you want to work in first.", "info")
    return redirect(url_for("tenants.index_view"))
