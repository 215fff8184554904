from wtforms.validators import NumberRange

from admin_views.panels.panel import Panel
from app.models import Service


class ServicePanel(Panel):
    model_class = Service
    title = "Services"
    path = "services"
    icon = "fa-scissors"
    import_kind = "services"
    category_name = "Setup"

    column_list = ("name", "duration_minutes", "active")
    column_labels = {"duration_minutes": "Minutes", "active": "Offered"}
    column_default_sort = "name"
    column_searchable_list = ("name",)
    column_filters = ("active", "duration_minutes")
    form_columns = ("name", "duration_minutes", "active")
    form_args = {
        "duration_minutes": {
            "validators": [NumberRange(1, 1440, "Give 1 to 1,440 minutes.")],
        }
    }
