"""Sign-in by Flask-Security, of which only what we have decided on is on."""

from datetime import timedelta
from typing import Any, cast

from flask import Flask, abort, request
from flask_security import LoginForm, RoleMixin, SQLAlchemyUserDatastore

from app.audit.audit_record import record_refused
from app.config import is_loopback
from app.demo import KNOWN_PASSWORD
from app.emails.kinds import wrong_passwords
from app.extensions import db, security, settings
from app.models import User
from app.tenancy import unscoped
from app.users.passkey_place import place
from app.users.sessions import ABSOLUTE
from app.users.sso import password_door
from app.web.sign_in import device, signed_in, tried_often, tries

WHY = "whoever signs in tells us their tenant"

# The blueprints that take one.
OF_PASSWORDS = (
    *("security", "password", "forgot_password", "invitation"),
    *("second_step", "second_factor", "passkeys", "passkey_sign_in"),
)

CONFIG: dict[str, object] = {
    # A cookie is signed anew with each change: the row of its session says when it is over.
    "PERMANENT_SESSION_LIFETIME": ABSOLUTE,
    "SECURITY_PASSWORD_HASH": "argon2",
    # argon2 salts by itself; a second hash would tie every password to SECRET_KEY.
    "SECURITY_PASSWORD_SINGLE_HASH": ["argon2"],
    "SECURITY_PASSWORD_SALT": "unused-with-argon2-alone",
    "SECURITY_PASSWORD_SCHEMES": ["argon2"],
    "SECURITY_DEPRECATED_PASSWORD_SCHEMES": [],
    "SECURITY_LOGIN_URL": "/login",
    "SECURITY_LOGOUT_URL": "/logout",
    "SECURITY_LOGOUT_METHODS": ["POST"],
    # Ours are app/web/sign_in/password.py and `flask user …`.
    "SECURITY_CHANGEABLE": False,
    "SECURITY_CLI_USERS_NAME": False,
    "SECURITY_CLI_ROLES_NAME": False,
    # Below nothing there is no page that asks for the password once more: nobody needs to know
    # whether the browser's address is another one since, which with a telephone it often is.
    "SECURITY_FRESHNESS": timedelta(seconds=-1),
    "SESSION_PROTECTION": None,
    "SECURITY_API_ENABLED_METHODS": ["session"],
    # What stands between a right password and the session; its own pages are off.
    "SECURITY_TWO_FACTOR_IMPLEMENTATIONS": {
        "second_step": "app.web.sign_in.second_step.SecondStep",
    },
    "SECURITY_SEND_REGISTER_EMAIL": False,
    "SECURITY_POST_LOGIN_VIEW": "/",
    "SECURITY_POST_LOGOUT_VIEW": "/login",
    "SECURITY_UNAUTHORIZED_VIEW": None,
    # Its own says no-store=True, which no browser knows; ours stands in headers.py.
    "SECURITY_CACHE_CONTROL": None,
    # The same answer for a wrong password and an unknown address.
    "SECURITY_RETURN_GENERIC_RESPONSES": True,
    "SECURITY_MSG_GENERIC_AUTHN_FAILED": (
        "This email and password do not belong together. Try again.",
        "error",
    ),
    "SECURITY_EMAIL_VALIDATOR_ARGS": {"check_deliverability": False, "test_environment": True},
    "SECURITY_JOIN_USER_ROLES": False,
    "SECURITY_STATIC_FOLDER": None,
}


class Users(SQLAlchemyUserDatastore):
    """Finds users of every tenant: who signs in says which tenant it is."""

    def find_user(self, case_insensitive: bool = False, **kwargs: Any) -> User | None:
        with unscoped(WHY):
            return cast("User | None", super().find_user(case_insensitive, **kwargs))

    def commit(self) -> None:
        # At sign-in nobody's tenant is in scope yet, and a weak hash is replaced by a strong one.
        with unscoped(WHY):
            super().commit()  # type: ignore[no-untyped-call]


# Roles are a column of the user: there is no model of them.
users = Users(db, User, RoleMixin)


class SignInForm(LoginForm):
    """Counts a try as soon as it is known whose account it is for, and before the password is
    looked at."""

    remember = None
    user: User | None
    closed = False
    """Whether the password was right, and their business signs in by its provider only."""

    def validate_email(self, field: Any) -> None:
        """Flask-Security's own checks have made the address what it looks for. Raises
        TooManyTries."""
        # Told so, it looks for nobody else.
        self.ifield, self.user = field, users.find_user(case_insensitive=True, email=field.data)
        self.account = f"user {self.user.id}" if self.user else f"address {field.data.casefold()}"
        browser = device.known(self.user.id) if self.user else None
        self.counted = [tries.by_caller(), *tries.by_account(self.account, browser)]
        tries.count(self.counted)

    def validate(self, **kwargs: Any) -> bool:
        right: bool = super().validate(**kwargs) and not self._read_in_the_readme()
        if right:
            tries.take_back(self.counted)
            return not self._door_is_closed()
        if self.user:
            record_refused(self.user)
            db.session.commit()
        if self.ifield and tries.many(self.account) and self.user and self.user.active:
            tried_often.tell(self.user, wrong_passwords.KIND)
        return False

    def _door_is_closed(self) -> bool:
        if self.user and password_door.is_closed_to(self.user):
            self.closed = True
            record_refused(self.user, why="the password is right, and lets nobody in")
            db.session.commit()
        return self.closed

    def _read_in_the_readme(self) -> bool:
        """Whether it is the demo's password, and others than this machine's users may know it."""
        others = settings().exposed or not is_loopback(request.remote_addr or "")
        if not others or self.password.data != KNOWN_PASSWORD:
            return False
        self.password.errors = ["The demo's password holds on its own machine alone."]
        return True


def init_app(app: Flask) -> None:
    # Its own pages for that would come along where it stands by now, from a program before.
    security.support_mfa = False
    security.init_app(app, users, register_blueprint=True, login_form=SignInForm)
    security.support_mfa = True
    security.want_json(lambda _request: False)
    security.login_context_processor(lambda: {"passkeys_at": place()})
    app.before_request(_forms_alone)
    signed_in.init_app(app)


def _forms_alone() -> None:
    """In JSON a password could be anything, and would be read as a form reads it by chance."""
    if request.blueprint in OF_PASSWORDS and request.is_json:
        abort(415)
