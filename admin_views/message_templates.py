from wtforms import SelectField, TextAreaField

from admin_views.base import Panel
from admin_views.filters import one_of
from admin_views.words import CHANNEL, NOTIFICATION, badge, choices, words
from app.models import MessageTemplate


class MessageTemplatePanel(Panel):
    model_class = MessageTemplate
    title = "Templates"
    path = "templates"
    icon = "fa-file-text-o"
    category_name = "Setup"

    column_list = ("type", "channel", "subject", "body", "updated_at")
    column_labels = {"type": "Used for", "updated_at": "Last changed", "body": "Text"}
    column_formatters = {"type": words(NOTIFICATION), "channel": badge(CHANNEL)}
    column_formatters_detail = column_formatters
    column_formatters_export = {"type": words(NOTIFICATION), "channel": words(CHANNEL)}
    column_default_sort = [("type", False), ("channel", False)]
    column_searchable_list = ("subject", "body")
    column_filters = (
        *one_of(MessageTemplate.type, "Used for", NOTIFICATION),
        *one_of(MessageTemplate.channel, "Channel", CHANNEL),
    )
    form_columns = ("type", "channel", "subject", "body")
    form_overrides = {"type": SelectField, "channel": SelectField, "body": TextAreaField}
    form_args = {
        "type": {"choices": choices(NOTIFICATION)},
        "channel": {"choices": choices(CHANNEL)},
        "subject": {"description": "Emails only."},
        "body": {
            "description": "Names in double braces are filled in: customer_name, business_name,"
            " appointment_date, appointment_time, service_name, staff_name, review_link."
        },
    }
    form_widget_args = {"body": {"rows": 6}}

    def heading(self, row: MessageTemplate) -> str:
        return f"{NOTIFICATION[row.type]} by {CHANNEL[row.channel]}"
