"""The panel of a business's users."""

from typing import Any

from flask import request
from flask_security import current_user
from sqlalchemy import select
from wtforms import BooleanField, PasswordField, SelectField
from wtforms.validators import InputRequired, Optional, ValidationError

from admin_views.labels import ROLE, badge, choices, words
from admin_views.panels.filters import one_of
from admin_views.panels.panel import Panel
from app.customers import contact
from app.extensions import db
from app.inbox.team import staff_rights
from app.lib.text.cleaning import as_sentence
from app.lib.time.clock import now
from app.models import Role, User
from app.tenancy import unscoped
from app.users import sessions, team, user_access
from app.users.passwords import WeakPassword, set_password

GRANTED = {role: ROLE[role] for role in (Role.STAFF, Role.TENANT_ADMIN)}


class UserPanel(Panel):
    """Who signs in to this business."""

    model_class = User
    title = "Users"
    path = "users"
    icon = "fa-users"
    category_name = "Setup"

    column_list = ("name", "email", "role", "active", "created_at")
    column_export_list = column_list
    column_details_list = column_list
    column_labels = {"active": "May sign in", "created_at": "Since"}
    column_formatters = {"role": badge(ROLE)}
    column_formatters_detail = column_formatters
    column_formatters_export = {"role": words(ROLE)}
    column_default_sort = "name"
    column_searchable_list = ("name", "email")
    column_filters = (*one_of(User.role, "Role", GRANTED), "active")
    form_columns = ("name", "email", "role", "active", "takes_appointments", "new_password")
    form_overrides = {"role": SelectField}
    form_args = {
        "role": {"choices": choices(GRANTED)},
        "active": {"label": "May sign in"},
        "email": {"validators": [InputRequired()]},
    }
    form_extra_fields = {
        "takes_appointments": BooleanField(
            "Takes appointments",
            description="They can be chosen where somebody books, by their name.",
        ),
        "new_password": PasswordField(
            "New password",
            [Optional()],
            description="Ten characters at least. Ends all their sessions. Leave it empty to keep"
            " the present one.",
            render_kw={"autocomplete": "new-password"},
        ),
    }

    def is_visible(self) -> bool:
        """The page Team leads to each, and has the menu's line."""
        return False

    def on_form_prefill(self, form: Any, id: str) -> None:
        if request.method == "GET":
            member = team.member_of(self.get_one(id))
            form.takes_appointments.data = bool(member and member.active)

    def on_model_change(self, form: Any, model: Any, is_created: bool) -> None:
        """Sessions end when the password or the right to sign in does, and with another role the
        streams."""
        super().on_model_change(form, model, is_created)
        model.email = _mailbox(model)
        if is_created and not form.new_password.data:
            raise ValidationError("Give a password for them to begin with.")
        if model is current_user._get_current_object() and not _stays_admin(model):
            raise ValidationError("You cannot take your own access away: ask a colleague.")
        if not is_created and not _stays_admin(model):
            _lock_admins(model)
        if form.new_password.data:
            _set_password(model, form.new_password.data)
        elif not model.active and not is_created:
            sessions.end_all(model, now())
        if not is_created:
            staff_rights.end_streams(model)
        # A new one has no id yet.
        db.session.flush()
        if form.takes_appointments.data:
            team.serve(model, team.namesake(str(model)))
        else:
            team.stop_serving(model)

    def on_model_delete(self, model: Any) -> None:
        if model.id == current_user.id:
            raise ValidationError("You cannot delete yourself: ask a colleague.")
        _lock_admins(model)
        staff_rights.end_streams(model)


def _lock_admins(user: User) -> None:
    try:
        user_access.lock_admins(user)
    except user_access.LastAdmin as error:
        raise ValidationError(as_sentence(error)) from None


def _set_password(user: User, text: str) -> None:
    try:
        set_password(user, text, now())
    except WeakPassword as error:
        raise ValidationError(as_sentence(error)) from None


def _mailbox(user: User) -> str:
    """In small letters, and nobody else's; not saying whose, as it may be another business's."""
    try:
        email = contact.normal("email", user.email, "")
    except contact.BadAddress as error:
        raise ValidationError(f"{error}.") from None
    with unscoped("an email signs in to one tenant only"), db.session.no_autoflush:
        taken = select(User.id).where(User.email == email, User.id != (user.id or 0))
        if db.session.scalar(taken):
            raise ValidationError("This email cannot be used: choose another.")
    return email


def _stays_admin(user: User) -> bool:
    return user.active and user.role == Role.TENANT_ADMIN
