"""Who may call what: one table, and a guard that refuses what is not in it."""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager

from flask import Flask, abort, flash, g, redirect, request, url_for
from flask_security import current_user
from werkzeug.wrappers import Response

from app.audit.acting import acting
from app.inbox.team import staff_rights
from app.inbox.team.staff_rights import Right
from app.models import Role, User
from app.tenancy import tenant_in_scope, tenant_scope
from app.web.guards import conversation_guard
from app.web.guards.csrf import name_business
from app.web.guards.entering import entered, visited
from app.web.guards.short_way import both_ways

Roles = frozenset[Role]

# Nobody signed in: the route has its own way to know its callers, or needs none.
PUBLIC: Roles = frozenset()
SIGNED_IN: Roles = frozenset(Role)
STAFF: Roles = frozenset(Role)
ADMINS: Roles = frozenset({Role.TENANT_ADMIN, Role.PLATFORM_ADMIN})
PLATFORM: Roles = frozenset({Role.PLATFORM_ADMIN})

BIGINT = 2**63

_allowed: dict[str, Roles] = {
    "static": PUBLIC,
    "admin.static": PUBLIC,
    "security.login": PUBLIC,
    "security.logout": SIGNED_IN,
}
_needs_tenant: set[str] = set()
# What staff may call by a right that an admin gives them, though their role may not.
_by_right: dict[str, Right] = {}
# Whoever can do these could come in as somebody of the business, or take its data along.
FOR_MEMBERS = (
    *("users.create_view", "users.edit_view", "users.delete_view", "users.action_view"),
    *("person.reset", "person.end", "person.end_all", "rights.give"),
    *("message_archives.download", "message_archives.remove"),
    *("tenant_exports.start", "tenant_exports.download", "tenant_exports.remove"),
    *("privacy.show", "privacy.download", "privacy.erase"),
    *("api_keys", "api_keys.index", "api_keys.make", "api_keys.revoke"),
    *("calendar_feeds", "calendar_feeds.index", "calendar_feeds.make"),
    *("calendar_feeds.renew", "calendar_feeds.remove"),
    *("single_sign_on", "single_sign_on.index", "single_sign_on.save", "single_sign_on.attempt"),
    *("single_sign_on.remove", "single_sign_on.unbind"),
)
EXPORT = ".export"


def allow(name: str, roles: Roles, tenant: bool = False) -> None:
    """Let the roles call an endpoint, or all of a blueprint; tenant: only within a business."""
    _allowed[name] = roles
    if tenant:
        _needs_tenant.add(name)


def allow_by(right: Right, name: str) -> None:
    """Let staff who have the right call that endpoint as well."""
    _by_right[name] = right


def right_for(endpoint: str) -> Right | None:
    """Which right lets staff call it; None: none does."""
    return _by_right.get(endpoint)


def roles_of(endpoint: str) -> Roles | None:
    """Who may call the endpoint; None: nobody has said, so nobody may."""
    return _allowed.get(endpoint, _allowed.get(endpoint.partition(".")[0]))


def may(name: str) -> bool:
    """Whether whoever is signed in may call it now; for menus."""
    roles = roles_of(name)
    inside = tenant_in_scope() or not works_in_tenant(name)
    if visited() and works_in_tenant(name) and is_for_members(name):
        return False
    return bool(current_user.is_authenticated and roles and lets(name, current_user) and inside)


def lets(endpoint: str, user: User) -> bool:
    """Whether their role may call it, or a right of theirs."""
    right = right_for(endpoint)
    return user.role in (roles_of(endpoint) or ()) or (
        right is not None and user.role == Role.STAFF and staff_rights.has(user, right)
    )


def is_for_members(endpoint: str) -> bool:
    """Whether of those who may call it an operator, who visits a business, may not."""
    return endpoint in FOR_MEMBERS or endpoint.endswith(EXPORT)


def works_in_tenant(endpoint: str | None) -> bool:
    """Whether it reads or writes what is of the business in scope."""
    name = endpoint or ""
    return bool(roles_of(name) and _needs_tenant.intersection(_names(name)))


def _names(endpoint: str) -> Iterable[str]:
    return endpoint, endpoint.partition(".")[0]


def init_app(app: Flask) -> None:
    app.before_request(guard)
    app.teardown_request(leave_scope)
    app.teardown_request(act_no_more)


@both_ways
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
    _act()
    name_business()
    if roles is None or not lets(endpoint or "", current_user):
        abort(403)
    return None


def require_tenant() -> Response | None:
    """Lead an operator to the businesses where a route works in one, and none is entered."""
    if works_in_tenant(request.endpoint) and not tenant_in_scope():
        return _ask_for_tenant()
    return None


def _names_nothing() -> bool:
    """Whether the address has a NUL or a number in it that no row can have."""
    named = [*(request.view_args or {}).values(), *request.args.values()]
    return any("\x00" in word if isinstance(word, str) else word >= BIGINT for word in named)


def _enter_scope() -> None:
    tenant_id = current_user.tenant_id
    if current_user.role == Role.PLATFORM_ADMIN:
        tenant_id = entered()
    if tenant_id is not None:
        g.tenant_scope = tenant_scope(tenant_id)
        g.tenant_scope.__enter__()
        conversation_guard.enter()


def _act() -> None:
    g.acting = acting(current_user._get_current_object())
    g.acting.__enter__()


def act_no_more(_error: BaseException | None = None) -> None:
    if whose := g.pop("acting", None):
        whose.__exit__(None, None, None)


def leave_scope(_error: BaseException | None = None) -> None:
    scope = g.pop("tenant_scope", None)
    if scope is not None:
        scope.__exit__(None, None, None)


@contextmanager
def outside() -> Iterator[None]:
    """Out of the business in scope for a while: a platform admin looks into another one."""
    leave_scope()
    try:
        yield
    finally:
        _enter_scope()


def wants_json() -> bool:
    """Whether the caller would rather have JSON than a page: says so, or sends it and takes
    both."""
    accepted = request.accept_mimetypes
    json, page = accepted.quality("application/json"), accepted.quality("text/html")
    return json > page or (request.is_json and json == page)


def _ask_to_sign_in() -> Response:
    if wants_json() or request.blueprint == "live":
        abort(401)
    target = request.full_path.rstrip("?") if request.method == "GET" else None
    return redirect(url_for("security.login", next=target))


def _ask_for_tenant() -> Response:
    if wants_json() or request.method != "GET":
        abort(403)
    flash("Choose the business that you want to work in first.", "info")
    return redirect(url_for("tenants.index_view"))
