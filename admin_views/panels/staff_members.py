from admin_views.panels.panel import Panel
from app.models import StaffMember


class StaffMemberPanel(Panel):
    model_class = StaffMember
    title = "Staff members"
    path = "staff-members"
    icon = "fa-id-badge"
    category_name = "Setup"

    column_list = ("name", "active")
    column_labels = {"active": "Takes appointments"}
    column_default_sort = "name"
    column_searchable_list = ("name",)
    column_filters = ("active",)
    form_columns = ("name", "active")
