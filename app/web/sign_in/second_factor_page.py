"""Where somebody sets up an authenticator app, gets recovery codes, sees their passkeys, and turns
all of it off; each with their password once more."""

from datetime import datetime

import segno
from flask import Blueprint, abort, flash, redirect, render_template, session, url_for
from flask_security import current_user
from werkzeug.wrappers import Response

from app.extensions import db, vault
from app.lib.time.clock import lasted, now
from app.lib.vault import VaultError
from app.models import User
from app.tasks import Task, enqueue
from app.tenancy import unscoped
from app.users import authenticator_app, passkeys, recovery_codes, second_factor
from app.users.authenticator_app import WrongCode
from app.users.passkey_place import place
from app.users.second_factor import LastFactor
from app.web.guards import access
from app.web.guards.second_factor_guard import SecondFactorRequired, required
from app.web.sign_in import tries
from app.web.sign_in.own_password import OwnPasswordForm
from app.web.sign_in.second_step import CodeForm

blueprint = Blueprint("second_factor", __name__)
access.allow("second_factor", access.SIGNED_IN)

WHY = "an operator's second factor is no tenant's"

# The key of an app that is being set up, sealed, in the session.
KEPT = "totp_key"
# A side of a small square of the picture, in pixels.
SCALE = 5


@blueprint.get("/second-factor")
def index() -> str:
    return _page(OwnPasswordForm())


@blueprint.post("/second-factor")
def begin() -> Response | str:
    """With the right password: a fresh key, also in the place of one that is in use."""
    form = OwnPasswordForm()
    if not (form.validate_on_submit() and form.right()):
        return _page(form)
    session[KEPT] = vault().seal(authenticator_app.fresh_key())
    return redirect(url_for(".set_up"))


@blueprint.route("/second-factor/set-up", methods=["GET", "POST"])
def set_up() -> Response | str:
    """It counts once a code of it was right."""
    user, form, key = _me(), CodeForm(), _key()
    if key is None:
        return redirect(url_for(".index"))
    if form.validate_on_submit():
        try:
            return _set_up(user, key, form.code.data)
        except WrongCode:
            form.refuse("This is not what the app shows now. Give the code of this moment.")
    address = authenticator_app.address(user, key)
    picture = segno.make(address, micro=False).svg_inline(
        scale=SCALE, border=4, dark="#000", light="#fff", omitsize=True
    )
    groups = [key[start : start + 4] for start in range(0, len(key), 4)]
    return render_template(
        "security/set_up.html", form=form, picture=picture, key=groups, address=address
    )


@blueprint.post("/second-factor/codes")
def renew() -> str:
    """New recovery codes, shown on this page alone."""
    form, user = OwnPasswordForm(), _me()
    if not second_factor.has(user):
        abort(404)
    if not (form.validate_on_submit() and form.right()):
        return _page(form)
    codes = second_factor.renew_codes(user)
    _commit()
    return render_template("security/recovery_codes.html", codes=codes, fresh=False)


@blueprint.post("/second-factor/off")
def turn_off() -> Response | str:
    """Raises SecondFactorRequired."""
    form, user = OwnPasswordForm(), _me()
    if not second_factor.has(user):
        abort(404)
    if required():
        raise SecondFactorRequired
    if not (form.validate_on_submit() and form.right()):
        return _page(form)
    second_factor.turn_off(user, "You", now())
    _commit()
    enqueue(Task.SEND_USER_EMAILS)
    flash("Your second factor is turned off: from now on your password alone lets you in.", "info")
    return redirect(url_for(".index"))


@blueprint.post("/second-factor/app/remove")
def remove_app() -> Response | str:
    """Raises SecondFactorRequired."""
    form, user = OwnPasswordForm(), _me()
    if not authenticator_app.has(user):
        abort(404)
    if not (form.validate_on_submit() and form.right()):
        return _page(form)
    try:
        second_factor.remove_app(user, required(), now())
    except LastFactor:
        raise SecondFactorRequired from None
    _commit()
    enqueue(Task.SEND_USER_EMAILS)
    flash("Your authenticator app is removed: its codes let you in no more.", "info")
    return redirect(url_for(".index"))


def _set_up(user: User, key: str, code: str) -> str:
    """Raises WrongCode or TooManyCodes."""
    counted = [tries.Counter(tries.ONE, ("code to set up", str(user.id)))]
    tries.count(counted, tries.TooManyCodes)
    codes = second_factor.set_up(user, key, code, now())
    _commit()
    tries.take_back(counted)
    session.pop(KEPT, None)
    return render_template("security/recovery_codes.html", codes=codes, fresh=True)


def _page(form: OwnPasswordForm) -> str:
    user = _me()
    return render_template(
        "security/second_factor.html",
        form=form,
        required=required(),
        lasts=lasted(now() - user.second_factor_since) if user.second_factor_since else "",
        left=recovery_codes.left(user) if second_factor.has(user) else 0,
        app=authenticator_app.has(user),
        passkeys=passkeys.of(user),
        place=place(),
        ago=_ago,
    )


def _ago(at: datetime) -> str:
    return f"{lasted(now() - at)} ago"


def _key() -> str | None:
    try:
        return vault().open(session.get(KEPT) or "")
    except VaultError:
        return None


def _me() -> User:
    user: User = current_user._get_current_object()
    return user


def _commit() -> None:
    with unscoped(WHY):
        db.session.commit()
