"""Somebody signs in with a passkey alone: no email and no password is asked for."""

from flask import Blueprint, Response, flash, redirect, request, url_for
from flask_security import current_user, login_user
from flask_security.utils import _get_post_login_redirect
from werkzeug.wrappers import Response as Answer

from app.extensions import db
from app.tenancy import unscoped
from app.users import passkey_ceremony
from app.users.passkey_place import place
from app.users.prove_passkey import PasskeyRefused
from app.users.sso import password_door
from app.web.guards import access
from app.web.sign_in import passkey_answer
from app.web.sign_in.passkey_answer import TO_SIGN_IN

blueprint = Blueprint("passkey_sign_in", __name__)
access.allow("passkey_sign_in", access.PUBLIC)

WHY = "who signs in is in no business yet, and an operator is in none"


@blueprint.post("/login/passkey/options")
def options() -> Response:
    """What the sign-in page's script asks a browser; nothing where passkeys do not hold."""
    where = place()
    if where is None:
        return Response(status=204)
    asked = passkey_answer.ask(TO_SIGN_IN, passkey_ceremony.ask_to_use(where))
    return Response(asked, mimetype="application/json")


@blueprint.post("/login/passkey")
def sign_in() -> Answer:
    """Raises TooManyPasskeys."""
    if current_user.is_authenticated:
        return redirect(url_for("home"))
    try:
        user = passkey_answer.proved(TO_SIGN_IN, request.form.get("answer", ""))
    except PasskeyRefused as error:
        flash(str(error), "error")
        return redirect(url_for("security.login", next=request.args.get("next")))
    if password_door.is_closed_to(user):
        with unscoped(WHY):
            db.session.commit()
        flash("Your business signs in by single sign-on only.", "error")
        return redirect(url_for("sso.find", next=request.args.get("next")))
    target = _get_post_login_redirect()
    login_user(user)
    with unscoped(WHY):
        db.session.commit()
    return redirect(target)
