"""How a model's columns become form fields."""

from typing import Any

from flask_admin.contrib.sqla.form import AdminModelConverter
from flask_admin.model.form import converts
from wtforms import StringField, TextAreaField
from wtforms.validators import DataRequired, InputRequired, Length

from admin_views.labels import sentence
from admin_views.times import WallTimeField
from app.lib.text.cleaning import clean

# Columns that hold more than a line.
LONG = ("body", "notes")


class Converter(AdminModelConverter):  # type: ignore[misc]
    """Instants become wall time; texts are cleaned, trimmed and not endless."""

    def _get_label(self, name: str, field_args: dict[str, Any]) -> str:
        return super()._get_label(name, field_args) or sentence(name)

    @converts("DateTime")
    def convert_datetime(self, field_args: dict[str, Any], **_extra: Any) -> WallTimeField:
        field_args["format"] = ["%Y-%m-%d %H:%M", "%Y-%m-%d %H:%M:%S", "%Y-%m-%dT%H:%M"]
        field_args.setdefault("render_kw", {})["data-date-format"] = "YYYY-MM-DD HH:mm"
        return WallTimeField(**field_args)

    @converts("Text")
    def convert_text(self, column: Any, field_args: dict[str, Any], **_extra: Any) -> StringField:
        long = column.name in LONG
        field_args["validators"].append(Length(max=5_000 if long else 200))
        filters = [tidy, *field_args.get("filters", [])]
        if column.nullable:
            filters.append(lambda value: value or None)
        field_args["filters"] = filters
        if any(isinstance(check, InputRequired) for check in field_args["validators"]):
            field_args["validators"].append(DataRequired())
        return (TextAreaField if long else StringField)(**field_args)


def tidy(value: Any) -> Any:
    """The text without what no column stores, and without blanks around it."""
    return clean(value).strip() if isinstance(value, str) else value
