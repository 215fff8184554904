"""Sign-in by Flask-Security: argon2, sessions that end with the password, limited tries."""

from collections.abc import Mapping
from typing import Any

from flask import Flask, Response, request
from flask_limiter.util import get_remote_address
from flask_security import RoleMixin, SQLAlchemyUserDatastore, UserMixin

from app.extensions import db, limiter, security
from app.models import User
from app.tenancy import unscoped

SHORTEST_PASSWORD = 10

CONFIG: dict[str, object] = {
    "SECURITY_PASSWORD_HASH": "argon2",
    # argon2 salts by itself; a second hash would tie every password to SECRET_KEY.
    "SECURITY_PASSWORD_SINGLE_HASH": ["argon2"],
    "SECURITY_PASSWORD_SALT": "unused-with-argon2-alone",
    "SECURITY_PASSWORD_SCHEMES": ["argon2"],
    "SECURITY_DEPRECATED_PASSWORD_SCHEMES": [],
    "SECURITY_PASSWORD_LENGTH_MIN": SHORTEST_PASSWORD,
    "SECURITY_LOGIN_URL": "/login",
    "SECURITY_LOGOUT_URL": "/logout",
    "SECURITY_LOGOUT_METHODS": ["POST"],
    "SECURITY_CHANGEABLE": True,
    "SECURITY_CHANGE_URL": "/password",
    "SECURITY_SEND_PASSWORD_CHANGE_EMAIL": False,
    "SECURITY_SEND_REGISTER_EMAIL": False,
    "SECURITY_POST_LOGIN_VIEW": "/",
    "SECURITY_POST_LOGOUT_VIEW": "/login",
    "SECURITY_POST_CHANGE_VIEW": "/",
    "SECURITY_UNAUTHORIZED_VIEW": None,
    # The same answer for a wrong password and an unknown address.
    "SECURITY_RETURN_GENERIC_RESPONSES": True,
    "SECURITY_MSG_GENERIC_AUTHN_FAILED": (
        "This email and password do not belong together. Try again.",
        "error",
    ),
    "SECURITY_EMAIL_VALIDATOR_ARGS": {"check_deliverability": False, "test_environment": True},
    "SECURITY_JOIN_USER_ROLES": False,
    "SECURITY_STATIC_FOLDER": None,
    # Ours are `flask user …`.
    "SECURITY_CLI_USERS_NAME": False,
    "SECURITY_CLI_ROLES_NAME": False,
}


class Users(SQLAlchemyUserDatastore):
    """Finds users of every tenant: who signs in says which tenant it is."""

    def find_user(self, case_insensitive: bool = False, **kwargs: Any) -> UserMixin | None:
        with unscoped("whoever signs in tells us their tenant"):
            return super().find_user(case_insensitive, **kwargs)

    def commit(self) -> None:
        # At sign-in nobody's tenant is in scope yet, and a weak hash is replaced by a strong one.
        with unscoped("whoever signs in tells us their tenant"):
            super().commit()  # type: ignore[no-untyped-call]


# Roles are a column of the user: there is no model of them.
users = Users(db, User, RoleMixin)


def init_app(app: Flask) -> None:
    security.init_app(app, users, register_blueprint=True)
    # Nobody signs in by a token; Flask-Security would look for one in any stranger's JSON.
    app.login_manager.request_loader(lambda _request: None)  # type: ignore[attr-defined]
    by_caller = limiter.limit("30 per minute; 300 per hour", key_func=get_remote_address, **_RULE)
    by_email = limiter.limit("6 per minute; 40 per hour", key_func=_email, **_RULE)
    views: dict[str, Any] = app.view_functions
    views["security.login"] = by_caller(by_email(views["security.login"]))


def _email() -> str:
    values = request.get_json(silent=True) if request.is_json else request.form
    email = values.get("email", "") if isinstance(values, Mapping) else ""
    return str(email).strip().lower()[:200]


def _failed(response: Response) -> bool:
    return response.status_code != 302


_RULE: dict[str, Any] = {"methods": ["POST"], "deduct_when": _failed}
