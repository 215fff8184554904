"""Whoever gave the right password gives a code as well, or uses a passkey, where they have a second
factor: until then nobody is signed in."""

import time
from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, session, url_for
from flask_security import login_user
from flask_security.tf_plugin import TfPluginBase
from flask_security.utils import _get_post_login_redirect
from flask_wtf import FlaskForm
from werkzeug.wrappers import Response
from wtforms import StringField
from wtforms.validators import InputRequired, Length

from app.audit.audit_record import record_refused
from app.emails.kinds import wrong_codes
from app.extensions import db, security
from app.lib.time.clock import now
from app.lib.vault import VaultError
from app.models import AuditAction, User
from app.tenancy import unscoped
from app.users import (
    authenticator_app,
    passkey_ceremony,
    passkeys,
    recovery_codes,
    second_factor,
)
from app.users.passkey_place import place
from app.users.prove_passkey import PasskeyRefused
from app.users.second_factor import Proof
from app.web.guards import access
from app.web.sign_in import device, passkey_answer, tried_often, tries
from app.web.sign_in.passkey_answer import AS_SECOND_STEP

blueprint = Blueprint("second_step", __name__)
access.allow("second_step", access.PUBLIC)

WHY = "who signs in is in no business yet, and an operator is in none"

# What the session holds meanwhile: for whom the password was right (Flask-Security's), and when.
WHO, WHEN = "tf_user_id", "tf_began"
# For so many seconds.
HOLDS = 600
UNREADABLE = (
    "This server cannot read the key of your app any more. Use a recovery code, or ask an admin to"
    " reset your second factor."
)


class SecondStep(TfPluginBase):
    """Flask-Security's sign-in asks it for the second factor."""

    def create_blueprint(self, *_args: Any) -> None:
        """Its page is below."""

    def get_setup_methods(self, user: Any) -> list[tuple[str, str]]:
        return [("second_step", "")] if second_factor.has(user) else []

    def tf_login(self, user: Any, json_payload: Any, next_loc: str | None) -> Response:
        session[WHEN] = time.time()
        return redirect(url_for("second_step.ask", next=next_loc))


class CodeForm(FlaskForm):  # type: ignore[misc]
    code = StringField("Code", [InputRequired("Give the code."), Length(max=80)])

    def refuse(self, why: str) -> None:
        self.code.data, self.code.errors = "", [why]


@blueprint.route("/login/code", methods=["GET", "POST"])
def ask() -> Response | str:
    user = _waiting()
    if user is None:
        return _over()
    form = CodeForm()
    if form.validate_on_submit() and (proof := _proved(user, form)):
        return _let_in(user, proof)
    return render_template(
        "security/second_step.html",
        form=form,
        who=user.email,
        app=authenticator_app.has(user),
        passkey=_passkey_options(user),
        place=place(),
    )


@blueprint.post("/login/code/passkey")
def answer() -> Response:
    """Of one of their passkeys. Raises TooManyPasskeys."""
    user = _waiting()
    if user is None:
        return _over()
    try:
        passkey_answer.proved(AS_SECOND_STEP, request.form.get("answer", ""), by=user)
    except PasskeyRefused as error:
        flash(str(error), "error")
        return redirect(url_for(".ask", next=request.args.get("next")))
    return _let_in(user, Proof.PASSKEY)


def _over() -> Response:
    flash("That took too long. Sign in again.", "info")
    return redirect(url_for("security.login"))


def _passkey_options(user: User) -> str | None:
    where, known = place(), passkeys.of(user)
    if where is None or not known:
        return None
    return passkey_answer.ask(AS_SECOND_STEP, passkey_ceremony.ask_to_use(where, known))


def _waiting() -> User | None:
    """For whom the right password was given here a moment ago; a new one since makes it void."""
    if not time.time() - HOLDS < session.get(WHEN, 0) <= time.time():
        return None
    user: Any = security.datastore.find_user(fs_uniquifier=session.get(WHO))
    return user if user and user.active and second_factor.has(user) else None


def _proved(user: User, form: CodeForm) -> Proof | None:
    """Counted before it is looked at. Raises TooManyCodes."""
    account = f"code of user {user.id}"
    counted = [tries.Counter(tries.ONE, (account, device.known(user.id) or "stranger"))]
    tries.count(counted, tries.TooManyCodes)
    proof, why = None, "This is not the code, or it was used before. Wait for the next one."
    try:
        proof = second_factor.prove(user, form.code.data, now())
    except VaultError:
        why = UNREADABLE
    if proof:
        tries.take_back(counted)
        return proof
    form.refuse(why)
    record_refused(user, AuditAction.CODE_REFUSED)
    _commit()
    if tries.many(account):
        tried_often.tell(user, wrong_codes.KIND)
    return None


def _let_in(user: User, proof: Proof) -> Response:
    """Nothing of what the session held goes on (signed_in.py)."""
    target = _get_post_login_redirect()
    login_user(user)
    _commit()
    if proof is Proof.RECOVERY_CODE:
        left = recovery_codes.left(user)
        flash(
            f"That recovery code is used up: {left} are left. Make new ones under Second factor.",
            "info",
        )
    return redirect(target)


def _commit() -> None:
    with unscoped(WHY):
        db.session.commit()
