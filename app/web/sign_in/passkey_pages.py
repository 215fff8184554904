"""Where somebody adds a passkey, renames and removes one; each with their password once more."""

from flask import Blueprint, abort, flash, redirect, render_template, request, session, url_for
from flask_security import current_user
from werkzeug.wrappers import Response
from wtforms import StringField
from wtforms.validators import InputRequired, Length, ValidationError

from app.audit.audit_record import record_of
from app.extensions import db
from app.lib import browsers
from app.lib.text.cleaning import clean, one_line, shows
from app.lib.time.clock import now
from app.models import AuditAction, Passkey, User
from app.tasks import Task, enqueue
from app.tenancy import unscoped
from app.users import passkey_ceremony, passkeys, second_factor
from app.users.passkey_ceremony import NoAnswer
from app.users.passkey_place import Place, place
from app.users.passkeys import KnownAlready
from app.users.prove_passkey import PasskeyRefused
from app.users.second_factor import LastFactor
from app.web.guards import access
from app.web.guards.second_factor_guard import SecondFactorRequired, required
from app.web.sign_in import passkey_answer
from app.web.sign_in.own_password import OwnPasswordForm
from app.web.sign_in.passkey_answer import TO_ADD

blueprint = Blueprint("passkeys", __name__, url_prefix="/second-factor/passkeys")
access.allow("passkeys", access.SIGNED_IN)

WHY = "an operator's passkeys are no tenant's"

# The name of the one that is being added, and when the password was right.
KEPT = "passkey_to_add"
NO_PASSKEY = "No passkey was added: your device did not answer as we asked. Try again."
KNOWN = "You have that passkey already."


class PasskeyForm(OwnPasswordForm):
    name = StringField(
        "Name of the passkey",
        [
            InputRequired("Give it a name by which you know it again."),
            Length(max=passkeys.LONGEST_NAME, message=f"{passkeys.LONGEST_NAME} letters at most."),
        ],
    )

    def validate_name(self, field: StringField) -> None:
        field.data = one_line(clean(field.data))
        if not shows(field.data):
            raise ValidationError("Give it a name by which you know it again.")


@blueprint.route("/add", methods=["GET", "POST"])
def begin() -> Response | str:
    """With the right password they go on to their device."""
    _where()
    form = PasskeyForm()
    if len(passkeys.of(_me())) >= passkeys.MOST:
        flash("You have as many passkeys as there may be. Remove one first.", "error")
        return redirect(url_for("second_factor.index"))
    if form.validate_on_submit() and form.right():
        session[KEPT] = [form.name.data, now().timestamp()]
        return redirect(url_for(".create"))
    if not form.is_submitted():
        form.name.data = browsers.described(request.user_agent.string)
    return render_template("security/passkey_add.html", form=form)


@blueprint.route("/create", methods=["GET", "POST"])
def create() -> Response | str:
    """It counts once the device has answered."""
    where, user, name = _where(), _me(), _name()
    if name is None:
        return redirect(url_for(".begin"))
    if request.method == "POST":
        return _add(where, user, name)
    person = passkeys.handle_of(user), user.email, str(user)
    asked = passkey_ceremony.ask_to_make(where, person, passkeys.of(user))
    options = passkey_answer.ask(TO_ADD, asked)
    return render_template("security/passkey_create.html", options=options, name=name, place=where)


def _name() -> str | None:
    """None: no password was given here of late."""
    name, at = session.get(KEPT, (None, 0))
    return name if now().timestamp() - at < passkey_answer.HOLDS.total_seconds() else None


def _add(where: Place, user: User, name: str) -> Response | str:
    """Show the recovery codes, where these are their first."""
    try:
        question = passkey_answer.question(TO_ADD)
        made = passkey_ceremony.made(where, question.state, request.form.get("answer", ""))
        codes = second_factor.add_passkey(user, made, name, now())
    except (PasskeyRefused, NoAnswer, KnownAlready) as error:
        flash(_why(error), "error")
        return redirect(url_for(".create"))
    _commit()
    session.pop(KEPT, None)
    if codes:
        return render_template("security/recovery_codes.html", codes=codes, fresh=True)
    flash(f"The passkey “{name}” is added.", "success")
    return redirect(url_for("second_factor.index"))


def _why(error: ValueError) -> str:
    return str(error) or (KNOWN if isinstance(error, KnownAlready) else NO_PASSKEY)


@blueprint.get("/<int:passkey_id>")
def show(passkey_id: int) -> str:
    return _page(_mine(passkey_id), OwnPasswordForm())


@blueprint.post("/<int:passkey_id>/rename")
def rename(passkey_id: int) -> Response | str:
    passkey, form = _mine(passkey_id), PasskeyForm()
    if not (form.validate_on_submit() and form.right()):
        return _page(passkey, form)
    record_of(_me(), AuditAction.PASSKEY_RENAMED, was=passkey.name, passkey=form.name.data)
    passkeys.rename(passkey, form.name.data)
    _commit()
    flash(f"It is called “{form.name.data}” now.", "success")
    return redirect(url_for("second_factor.index"))


@blueprint.post("/<int:passkey_id>/remove")
def remove(passkey_id: int) -> Response | str:
    """Raises SecondFactorRequired."""
    passkey, form = _mine(passkey_id), OwnPasswordForm()
    name = passkey.name
    if not (form.validate_on_submit() and form.right()):
        return _page(passkey, form)
    try:
        second_factor.remove_passkey(_me(), passkey, required(), now())
    except LastFactor:
        raise SecondFactorRequired from None
    _commit()
    flash(f"The passkey “{name}” is removed. You can delete it on your device, too.", "info")
    return redirect(url_for("second_factor.index"))


def _page(passkey: Passkey, form: OwnPasswordForm) -> str:
    """With what is wrong in the form, of which the one for removing has no name."""
    both = PasskeyForm(name=passkey.name)
    for field in form:
        both[field.name].errors = field.errors
    return render_template("security/passkey.html", form=both, passkey=passkey)


def _where() -> Place:
    """404: browsers would know none here, and no page leads there."""
    return place() or abort(404)


def _mine(passkey_id: int) -> Passkey:
    found = (passkey for passkey in passkeys.of(_me()) if passkey.id == passkey_id)
    return next(found, None) or abort(404)


def _me() -> User:
    user: User = current_user._get_current_object()
    return user


def _commit() -> None:
    with unscoped(WHY):
        db.session.commit()
    enqueue(Task.SEND_USER_EMAILS)
