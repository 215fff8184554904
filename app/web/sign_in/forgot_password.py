"""Somebody forgot their password: asks for a link by email, and sets a new one by it.

What is answered never depends on whether the address is anybody's.
"""

from flask import Blueprint, flash, redirect, render_template, url_for
from flask_wtf import FlaskForm
from limits import parse_many
from werkzeug.wrappers import Response
from wtforms import PasswordField, StringField
from wtforms.validators import InputRequired, ValidationError

from app.customers import contact
from app.emails import queue
from app.extensions import db
from app.lib.text.cleaning import as_sentence
from app.lib.time.clock import now
from app.models import User
from app.tasks import Task, enqueue
from app.users import password_resets
from app.users.password_resets import LinkOver
from app.users.passwords import WeakPassword
from app.web.guards import access
from app.web.sign_in import device, one_time_token, tries

blueprint = Blueprint("forgot_password", __name__)
access.allow("forgot_password", access.PUBLIC)

KEPT = "reset_token"
BY_CALLER = parse_many("10 per minute; 30 per hour")
# Whoever asks in another's name fills their mailbox with so many.
OF_AN_ADDRESS = parse_many("3 per hour; 8 per day")


class AskForm(FlaskForm):  # type: ignore[misc]
    email = StringField("Email", [InputRequired("Give the address that you sign in with.")])

    def validate_email(self, field: StringField) -> None:
        try:
            field.data = contact.normal("email", (field.data or "").strip(), "")
        except contact.BadAddress as error:
            raise ValidationError(as_sentence(error)) from None


class ResetForm(FlaskForm):  # type: ignore[misc]
    new_password = PasswordField("New password", [InputRequired("Give a new password.")])
    new_password_confirm = PasswordField(
        "New password once more", [InputRequired("Repeat the new password.")]
    )

    def validate_new_password_confirm(self, field: PasswordField) -> None:
        if field.data != self.new_password.data:
            raise ValidationError("The two new passwords differ.")


@blueprint.route("/forgot-password", methods=["GET", "POST"])
def ask() -> str:
    form, possible = AskForm(), queue.possible()
    asked = possible and form.validate_on_submit()
    if asked:
        _ask(form.email.data)
    return render_template("security/forgot.html", form=form, possible=possible, asked=asked)


def _ask(address: str) -> None:
    """Raises TooManyLinks."""
    counters = [
        tries.Counter(BY_CALLER, ("link", tries.caller())),
        tries.Counter(OF_AN_ADDRESS, ("link to", address)),
    ]
    tries.count(counters, tries.TooManyLinks)
    password_resets.ask(address, now())
    db.session.commit()
    enqueue(Task.SEND_USER_EMAILS)


@blueprint.get("/reset-password/<token>")
def follow(token: str) -> Response | tuple[str, int]:
    """A link is opened by programs, too: nothing is done yet."""
    try:
        password_resets.user_of(token, now())
    except LinkOver:
        return _over()
    one_time_token.keep(KEPT, token)
    return redirect(url_for(".reset"))


@blueprint.route("/reset-password", methods=["GET", "POST"])
def reset() -> Response | str | tuple[str, int]:
    form, token = ResetForm(), one_time_token.kept(KEPT)
    try:
        user = password_resets.user_of(token, now())
        if form.validate_on_submit():
            return _reset(form, token)
    except LinkOver:
        return _over()
    except WeakPassword as error:
        form.new_password.errors = [as_sentence(error)]
    return render_template("security/reset.html", form=form, email=user.email)


def _reset(form: ResetForm, token: str) -> Response:
    """Lead to the sign-in; whoever reads the mailbox may try there, however many strangers did."""
    user: User = password_resets.reset(token, form.new_password.data, now())
    enqueue(Task.SEND_USER_EMAILS)
    one_time_token.forget(KEPT)
    flash(
        "Your password is changed, and you are signed out everywhere. Sign in with it.", "success"
    )
    return device.remember(redirect(url_for("security.login")), user.id)  # type: ignore[arg-type]


def _over() -> tuple[str, int]:
    one_time_token.forget(KEPT)
    return render_template("security/link_over.html", invitation=False), 404
