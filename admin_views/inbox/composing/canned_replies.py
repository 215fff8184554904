"""The panel of canned replies: the team's, and each person's own."""

from typing import Any

from flask import abort
from flask_security import current_user
from wtforms import SelectField
from wtforms.validators import Length, Regexp, ValidationError

from admin_views.lookup import find
from admin_views.panels.panel import Panel
from app.models import CannedReply
from app.notifications.configure.template_check import check
from app.notifications.ready_texts import CANNED, visible
from app.web.guards import access

TEAM, OWN = "team", "own"


def _slug(text: str | None) -> str:
    return (text or "").strip().lstrip("/").lower()


def _can_be_filled(_form: Any, field: Any) -> None:
    if wrong := check(field.data or "", CANNED):
        raise ValidationError(" ".join(wrong))


def _whose(_view: Any, _context: Any, reply: CannedReply, _name: str) -> str:
    return "Mine" if reply.user_id else "The team's"


class CannedReplyPanel(Panel):
    """Texts that staff insert by a slash. Everybody has their own; the team's are the admins'."""

    model_class = CannedReply
    title = "Canned replies"
    path = "canned-replies"
    icon = "fa-bolt"
    category_name = "Setup"
    roles = access.STAFF

    column_list = ("title", "shortcut", "body", "user_id")
    column_details_list = column_list
    column_labels = {"body": "Text", "user_id": "Whose"}
    column_default_sort = "title"
    column_searchable_list = ("title", "shortcut", "body")
    column_formatters = {
        "user_id": _whose,
        "shortcut": lambda _view, _context, reply, _name: f"/{reply.shortcut}",
    }
    column_formatters_detail = column_formatters
    column_formatters_export = column_formatters
    form_columns = ("title", "shortcut", "body", "whose")
    form_extra_fields = {
        "whose": SelectField("For", choices={OWN: "Me alone", TEAM: "The team"}, default=OWN)
    }
    form_args = {
        "title": {
            "validators": [Length(max=60, message="Give it 60 characters at most.")],
            "description": "By which it is found.",
        },
        "shortcut": {
            "filters": [_slug],
            "validators": [
                Regexp(r"[a-z0-9][a-z0-9-]{0,29}$", message="Give letters, digits and hyphens."),
            ],
            "description": "What is typed after a slash, such as hours.",
        },
        "body": {
            "label": "Text",
            "validators": [
                Length(max=1600, message="Give it 1,600 characters at most."),
                _can_be_filled,
            ],
            "description": "Filled in as it is inserted, and seen before it is sent. Known are "
            + ", ".join(f"{{{{{name}}}}}" for name in CANNED.variables)
            + " (of their next appointment).",
        },
    }
    form_widget_args = {"body": {"rows": 5}}

    def get_query(self) -> Any:
        return super().get_query().filter(visible(_mine()))

    def get_count_query(self) -> Any:
        return super().get_count_query().filter(visible(_mine()))

    def get_one(self, id: Any) -> Any:
        """The row, or 404: a colleague's own is nobody else's business."""
        row = find(CannedReply, id)
        return row if row.user_id in (None, _mine()) else abort(404)

    def on_form_prefill(self, form: Any, id: Any) -> None:
        form.whose.data = OWN if self.get_one(id).user_id else TEAM

    def on_model_change(self, form: Any, model: Any, is_created: bool) -> None:
        """The team's replies are the admins' to change."""
        super().on_model_change(form, model, is_created)
        was_team = not is_created and model.user_id is None
        wants_team = form.whose.data == TEAM
        if (was_team or wants_team) and not _is_admin():
            raise ValidationError(
                "The team's replies are the admins' to change. Choose “Me alone”."
            )
        if not wants_team and _mine() is None:
            raise ValidationError("You are no user of this business. Choose “The team”.")
        model.user_id = None if wants_team else _mine()

    def on_model_delete(self, model: Any) -> None:
        if model.user_id is None and not _is_admin():
            raise ValidationError("The team's replies are the admins' to delete.")


def _mine() -> int | None:
    return current_user.id if current_user.tenant_id else None


def _is_admin() -> bool:
    return current_user.role in access.ADMINS
