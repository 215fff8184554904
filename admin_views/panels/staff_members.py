"""The panel of those who take appointments, some of whom sign in as well."""

from typing import Any

from sqlalchemy import select
from wtforms import SelectField
from wtforms.validators import ValidationError

from admin_views.panels.panel import Panel
from app.extensions import db
from app.models import StaffMember, User

NOBODY = ("", "They do not sign in")


def users() -> list[tuple[int | str, str]]:
    """Those of the business, to choose from."""
    found = db.session.scalars(select(User).order_by(User.name, User.email))
    return [NOBODY, *((user.id, f"{user} ({user.email})") for user in found)]


class StaffMemberPanel(Panel):
    model_class = StaffMember
    title = "Staff members"
    path = "staff-members"
    icon = "fa-id-badge"
    import_kind = "staff"
    category_name = "Setup"

    column_list = ("name", "active")
    column_labels = {"active": "Takes appointments"}
    column_default_sort = "name"
    column_searchable_list = ("name",)
    column_filters = ("active",)
    form_columns = ("name", "active", "user_id")
    form_extra_fields = {
        "user_id": SelectField(
            "Signs in as",
            choices=users,
            coerce=lambda value: int(value) if value else None,
            description="The same person, where they have an account. Others are invited on the"
            " page Team.",
        )
    }

    def is_visible(self) -> bool:
        """The page Team leads to each, and has the menu's line."""
        return False

    def on_model_change(self, form: Any, model: Any, is_created: bool) -> None:
        super().on_model_change(form, model, is_created)
        with db.session.no_autoflush:
            theirs = select(StaffMember).where(StaffMember.user_id == model.user_id)
            other = db.session.scalar(theirs.where(StaffMember.id != (model.id or 0)))
        if model.user_id and other:
            raise ValidationError(f"{other.name} signs in so already: choose somebody else.")
