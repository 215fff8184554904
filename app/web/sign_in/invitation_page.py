"""Whoever was invited opens the link, chooses a name and a password, and is signed in."""

from flask import Blueprint, flash, redirect, render_template, url_for
from flask_security import current_user, login_user, logout_user
from flask_wtf import FlaskForm
from werkzeug.wrappers import Response
from wtforms import PasswordField, StringField
from wtforms.validators import InputRequired, Length

from app.extensions import db
from app.lib.text.cleaning import as_sentence
from app.lib.time.clock import now
from app.users import take_invitation
from app.users.invitations import LONGEST_NAME
from app.users.passwords import WeakPassword
from app.users.sso import password_door
from app.users.take_invitation import InvitationOver
from app.web.guards import access
from app.web.sign_in import one_time_token

blueprint = Blueprint("invitation", __name__)
access.allow("invitation", access.PUBLIC)

KEPT = "invitation_token"


class TakeForm(FlaskForm):  # type: ignore[misc]
    name = StringField(
        "Your name",
        [
            InputRequired("Give the name that colleagues know you by."),
            Length(max=LONGEST_NAME, message=f"At most {LONGEST_NAME} characters."),
        ],
    )
    new_password = PasswordField("Password", [InputRequired("Choose a password.")])


@blueprint.get("/invitation/<token>")
def follow(token: str) -> Response | tuple[str, int]:
    """A link is opened by programs, too: nothing is done yet."""
    try:
        take_invitation.opened(token, now())
    except InvitationOver:
        return _over()
    one_time_token.keep(KEPT, token)
    return redirect(url_for(".take"))


@blueprint.route("/invitation", methods=["GET", "POST"])
def take() -> Response | str | tuple[str, int]:
    form, token = TakeForm(), one_time_token.kept(KEPT)
    try:
        opened = take_invitation.opened(token, now())
        if form.validate_on_submit():
            return _take(form, token)
    except InvitationOver:
        return _over()
    except WeakPassword as error:
        form.new_password.errors = [as_sentence(error)]
    if not form.is_submitted():
        form.name.data = opened.name
    return render_template("security/invitation.html", form=form, opened=opened)


def _take(form: TakeForm, token: str) -> Response:
    """They read the mailbox that signs in, and are signed in by it."""
    user = take_invitation.take(token, form.name.data, form.new_password.data, now())
    if current_user.is_authenticated:
        logout_user()
    if password_door.is_closed_to(user):
        flash("You are welcome. Your business signs in by single sign-on only.", "success")
        return redirect(url_for("sso.find"))
    login_user(user)
    db.session.commit()
    flash("Welcome. From now on you sign in with this address and your password.", "success")
    return redirect(url_for("home"))


def _over() -> tuple[str, int]:
    one_time_token.forget(KEPT)
    return render_template("security/link_over.html", invitation=True), 404
