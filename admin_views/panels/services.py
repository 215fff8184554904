from collections.abc import Sequence
from typing import Any

from flask import request
from flask_admin.form import Select2Widget
from sqlalchemy import delete, select
from wtforms import SelectMultipleField
from wtforms.validators import NumberRange, Optional

from admin_views.frame import business
from admin_views.panels.panel import Panel
from app.extensions import db
from app.lib.time.locales import price
from app.models import Service, ServiceStaff, StaffMember


def people() -> list[tuple[int, str]]:
    """Those who take appointments, to choose from."""
    found = db.session.scalars(select(StaffMember).where(StaffMember.active))
    return sorted(((each.id, each.name) for each in found), key=lambda each: each[1])


class ServicePanel(Panel):
    model_class = Service
    title = "Services"
    path = "services"
    icon = "fa-scissors"
    import_kind = "services"
    category_name = "Setup"

    column_list = ("name", "duration_minutes", "price", "bookable_online", "active")
    column_export_list = (*column_list, "buffer_minutes")
    column_labels = {
        "duration_minutes": "Minutes",
        "active": "Offered",
        "bookable_online": "Online",
        "buffer_minutes": "Minutes after it",
    }
    column_formatters = {"price": lambda _view, _context, row, _name: priced(row)}
    column_formatters_detail = column_formatters
    column_default_sort = "name"
    column_searchable_list = ("name",)
    column_filters = ("active", "duration_minutes", "bookable_online")
    form_columns = (
        "name",
        "duration_minutes",
        "buffer_minutes",
        "price",
        "offered_by",
        "bookable_online",
        "active",
    )
    form_extra_fields = {
        "offered_by": SelectMultipleField(
            "Offered by",
            choices=people,
            coerce=int,
            widget=Select2Widget(multiple=True),
            description="Leave it empty where everybody offers it.",
        )
    }
    form_args = {
        "duration_minutes": {
            "validators": [NumberRange(1, 1440, "Give 1 to 1,440 minutes.")],
        },
        "buffer_minutes": {
            "label": "Minutes after it",
            "description": "To tidy up or let a colour dry: customers are offered no time then.",
            "validators": [NumberRange(0, 480, "Give 0 to 480 minutes.")],
        },
        "price": {
            "validators": [Optional(), NumberRange(0, 1_000_000, "Give a price from 0 on.")],
            "description": "In the currency of your business; empty where it depends.",
        },
        "bookable_online": {
            "label": "Customers may choose a time for it by themselves",
        },
    }

    def on_form_prefill(self, form: Any, id: str) -> None:
        if request.method == "GET":
            row = self.get_one(id)
            theirs = select(ServiceStaff.staff_member_id).where(ServiceStaff.service_id == row.id)
            form.offered_by.process_data([*db.session.scalars(theirs)])

    def on_model_change(self, form: Any, model: Any, is_created: bool) -> None:
        super().on_model_change(form, model, is_created)
        model.by_all = not form.offered_by.data
        db.session.flush()
        _offered_by(model.id, form.offered_by.data or ())


def _offered_by(service_id: int, people: Sequence[int]) -> None:
    theirs = delete(ServiceStaff).where(ServiceStaff.service_id == service_id)
    db.session.execute(theirs, execution_options={"synchronize_session": False})
    for id_ in people:
        db.session.add(ServiceStaff(service_id=service_id, staff_member_id=id_))


def priced(service: Service) -> str:
    if service.price is None:
        return ""
    return price(service.price, business().currency, business().locale)
