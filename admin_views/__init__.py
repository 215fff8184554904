"""The screens: Flask-Admin's panels, one file each, and the views of our own among them."""

from flask import Flask
from flask_admin import Admin
from flask_admin.theme import Bootstrap4Theme

from admin_views.appointment_import import AppointmentImportView
from admin_views.appointments import AppointmentPanel
from admin_views.business import BusinessView
from admin_views.calendar import CalendarView
from admin_views.calls import CallPanel
from admin_views.customers import CustomerPanel
from admin_views.dashboard import Dashboard
from admin_views.frame import in_business, initials
from admin_views.inbox import InboxView
from admin_views.message_templates import MessageTemplatesView
from admin_views.messages import MessagePanel
from admin_views.moves import MovesView
from admin_views.notifications import NotificationsView
from admin_views.numbers import pretty, tel
from admin_views.parked import ParkedView
from admin_views.pausing import pausing
from admin_views.people import PeopleView
from admin_views.profile import ProfileView
from admin_views.sender_numbers import SenderNumbersView
from admin_views.services import ServicePanel
from admin_views.staff_members import StaffMemberPanel
from admin_views.tenants import TenantsPanel
from admin_views.tomorrow import TomorrowView
from admin_views.users import UserPanel
from admin_views.whatsapp_templates import WhatsappTemplatePanel
from app.web import access
from app.web.headers import nonce

# In the order of the menu.
VIEWS = (
    InboxView,
    CalendarView,
    MovesView,
    CustomerPanel,
    ProfileView,
    AppointmentPanel,
    TomorrowView,
    AppointmentImportView,
    CallPanel,
    MessagePanel,
    NotificationsView,
    MessageTemplatesView,
    WhatsappTemplatePanel,
    ServicePanel,
    StaffMemberPanel,
    UserPanel,
    BusinessView,
    TenantsPanel,
    SenderNumbersView,
    PeopleView,
    ParkedView,
)


def init_app(app: Flask) -> None:
    """Hang all screens into the app, each open to the roles that it names."""
    admin = Admin(
        app,
        name="KaiVox",
        theme=Bootstrap4Theme(base_template="shell.html", fluid=True),
        index_view=Dashboard(),
        csp_nonce_generator=nonce,
    )
    access.allow("admin", Dashboard.roles)
    for kind in VIEWS:
        view = kind()
        admin.add_view(view)
        access.allow(view.endpoint, view.roles, tenant=view.in_tenant)
        for route in getattr(view, "for_admins", ()):
            access.allow(f"{view.endpoint}.{route}", access.ADMINS, tenant=view.in_tenant)
    app.jinja_env.globals.update(in_business=in_business, pausing=pausing)
    app.jinja_env.filters.update(initials=initials, pretty=pretty, tel=tel)
