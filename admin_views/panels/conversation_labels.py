from typing import Any

from markupsafe import Markup
from wtforms import SelectField
from wtforms.validators import Length

from admin_views.labels import choices
from admin_views.panels.panel import Panel
from app.models import Colour, Label
from app.models.label import LONGEST

COLOURS = {colour: colour.capitalize() for colour in Colour}


def _shown(_view: Any, _context: Any, label: Label, _name: str) -> Markup:
    return Markup('<span class="tag label label-{}">{}</span>').format(label.colour, label.name)


class LabelPanel(Panel):
    """By what the business sorts its conversations."""

    model_class = Label
    title = "Labels"
    path = "labels"
    icon = "fa-tags"
    category_name = "Setup"

    column_list = ("name", "colour")
    column_default_sort = "name"
    column_searchable_list = ("name",)
    column_formatters = {
        "name": _shown,
        "colour": lambda _view, _context, label, _name: COLOURS.get(label.colour, label.colour),
    }
    column_formatters_export = {"name": lambda _view, _context, label, _name: label.name}
    form_columns = ("name", "colour")
    form_overrides = {"colour": SelectField}
    form_args = {
        "name": {
            "validators": [Length(max=LONGEST, message=f"Give it {LONGEST} characters at most.")],
            "description": "Staff put it on conversations; customers never see it.",
        },
        "colour": {"choices": choices(COLOURS), "default": Colour.GREY},
    }
