"""Where somebody changes their password, and sees where they are signed in."""

from datetime import datetime

from flask import Blueprint, abort, flash, g, redirect, render_template, url_for
from flask_security import current_user, login_user
from werkzeug.wrappers import Response
from wtforms import PasswordField
from wtforms.validators import InputRequired

from app.emails import queue
from app.extensions import db
from app.lib.text.cleaning import as_sentence
from app.lib.time.clock import lasted, now
from app.tenancy import unscoped
from app.users import passwords, sessions
from app.web.guards import access
from app.web.sign_in.own_password import OwnPasswordForm

blueprint = Blueprint("password", __name__)
access.allow("password", access.SIGNED_IN)

WHY = "an operator's password is no tenant's"


class PasswordForm(OwnPasswordForm):
    new_password = PasswordField("New password", [InputRequired("Give a new password.")])
    new_password_confirm = PasswordField(
        "New password once more", [InputRequired("Repeat the new password.")]
    )


@blueprint.route("/password", methods=["GET", "POST"])
def change() -> Response | str:
    """A right present password and a good new one end all other sessions."""
    form = PasswordForm()
    if form.validate_on_submit() and _changed(form):
        flash("Your password is changed. Everywhere else you have to sign in again.", "success")
        return redirect(url_for("home"))
    return render_template(
        "security/password.html",
        form=form,
        sessions=sessions.open_ones(current_user, now()),
        here=g.session_id,
        told=queue.possible(),
        ago=_ago,
    )


@blueprint.post("/password/sessions/<int:user_session_id>/end")
def end(user_session_id: int) -> Response:
    """Sign them out of another browser; 404 for what is no open session of theirs."""
    user = current_user._get_current_object()
    if user_session_id == g.session_id or not sessions.end_one(user, user_session_id, now()):
        abort(404)
    with unscoped(WHY):
        db.session.commit()
    flash("You are signed out there.", "success")
    return redirect(url_for(".change"))


def _ago(at: datetime) -> str:
    """As exactly as it is known."""
    time = now() - at
    return f"{lasted(time)} ago" if time > sessions.SEEN_EVERY else "a moment ago"


def _changed(form: PasswordForm) -> bool:
    if not form.right():
        return False
    if form.new_password.data != form.new_password_confirm.data:
        form.new_password_confirm.errors = ["The two new passwords differ."]
        return False
    return _set(form)


def _set(form: PasswordForm) -> bool:
    user = current_user._get_current_object()
    try:
        passwords.set_password(user, form.new_password.data, now())
    except passwords.WeakPassword as error:
        form.new_password.errors = [as_sentence(error)]
        return False
    login_user(user)
    with unscoped(WHY):
        db.session.commit()
    return True
