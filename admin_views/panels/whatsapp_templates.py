from typing import Any

from flask import abort
from wtforms.validators import Length, Regexp, ValidationError

from admin_views.panels.panel import Panel
from app.lib.text.placeholders import flaw
from app.models import WhatsappTemplate
from app.outbox.compose.approved_template import LONGEST


def _sid(text: str | None) -> str:
    """As Twilio writes it, whatever came along when it was copied."""
    return f"{(text or '')[:2].upper()}{(text or '')[2:].lower()}"


def _one_kind_of_line_break(text: str | None) -> str:
    return (text or "").replace("\r\n", "\n")


def _numbered(_form: Any, field: Any) -> None:
    if wrong := flaw(field.data or ""):
        raise ValidationError(wrong)


class WhatsappTemplatePanel(Panel):
    """What may be sent by WhatsApp once the customer's last message is older than a day."""

    model_class = WhatsappTemplate
    title = things = "WhatsApp templates"
    thing = "WhatsApp template"
    path = "whatsapp-templates"
    icon = "fa-whatsapp"
    category_name = "Setup"

    column_list = ("name", "language", "body", "content_sid")
    column_labels = {"body": "Text", "content_sid": "Content SID"}
    column_default_sort = "name"
    column_searchable_list = ("name", "body", "content_sid")
    column_filters = ("language",)
    form_columns = ("name", "language", "content_sid", "body")
    form_args = {
        "name": {"description": "By which staff choose it."},
        "language": {
            "default": "en",
            "validators": [
                Regexp(
                    r"[a-z]{2,3}(_[A-Z]{2})?$",
                    message="Give it as WhatsApp does, such as en, es or pt_BR.",
                )
            ],
        },
        "content_sid": {
            "label": "Content SID",
            "filters": [_sid],
            "validators": [
                Regexp(r"HX[0-9a-f]{32}$", message="It is HX and 32 digits or letters a–f.")
            ],
            "description": "In Twilio's console: Messaging, Content Template Builder. WhatsApp"
            " must have approved the template.",
        },
        "body": {
            "label": "Text",
            "filters": [_one_kind_of_line_break],
            "validators": [
                _numbered,
                Length(max=LONGEST, message=f"WhatsApp takes {LONGEST:,} characters at most."),
            ],
            "description": "Exactly as it was approved, with {{1}}, {{2}} … where something is"
            " filled in. {{1}} is offered the customer's first name.",
        },
    }
    form_widget_args = {"body": {"rows": 5}}

    def get_query(self) -> Any:
        """Those of Messenger are under Social accounts."""
        return super().get_query().filter(WhatsappTemplate.channel == "whatsapp")

    def get_count_query(self) -> Any:
        return super().get_count_query().filter(WhatsappTemplate.channel == "whatsapp")

    def get_one(self, id: Any) -> Any:
        row = super().get_one(id)
        return row if row.channel == "whatsapp" else abort(404)
