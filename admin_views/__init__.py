"""The screens: Flask-Admin's panels, one file each, and the views of our own among them."""

from flask import Flask
from flask_admin import Admin
from flask_admin.theme import Bootstrap4Theme

from admin_views.alerts import AlertsView, push_key
from admin_views.archives.archives_page import ArchivesView
from admin_views.audit.audit_page import AuditLogView
from admin_views.audit.platform_audit_page import PlatformAuditView
from admin_views.automation.log_page import AutomationLogView
from admin_views.automation.rules_page import AutomationView
from admin_views.broadcasts.broadcasts_page import BroadcastsView
from admin_views.business_hours.hours_page import BusinessHoursView
from admin_views.business_hours.working_hours_page import WorkingHoursView
from admin_views.calendar.calendar import CalendarView
from admin_views.calendar.feeds_page import CalendarFeedsView
from admin_views.calendar.moves import MovesView
from admin_views.dashboard import Dashboard
from admin_views.exports.export_page import ExportView
from admin_views.fragments import fragment, fragments, whole
from admin_views.frame import in_business, initials, places, unread_notices
from admin_views.health_words import broken
from admin_views.imports.import_page import ImportView
from admin_views.inbox.composing.canned_replies import CannedReplyPanel
from admin_views.inbox.customer_pane import CustomerPaneView
from admin_views.inbox.inbox import InboxView
from admin_views.inbox.lists.bulk_page import BulkView
from admin_views.inbox.lists.saved_views_page import SavedViewsView
from admin_views.inbox.message_page import MessageLifeView
from admin_views.inbox.notices_page import NoticesView
from admin_views.inbox.profile import ProfileView
from admin_views.keyboard import KeyboardView
from admin_views.live_chat.live_chat_page import LiveChatView
from admin_views.mailbox.mailbox_page import MailboxView
from admin_views.mailbox.vendor_page import MailboxVendorView
from admin_views.nothing_yet import nothing_yet
from admin_views.notifications.message_templates import MessageTemplatesView
from admin_views.notifications.pausing import pausing
from admin_views.notifications.settings_page import NotificationsView
from admin_views.notifications.tomorrow import TomorrowView
from admin_views.numbers import pretty, tel
from admin_views.operator.dead_letters_page import DeadLettersView
from admin_views.operator.find_customer import FindCustomerView
from admin_views.operator.people import PeopleView
from admin_views.operator.platform_health import PlatformHealthView
from admin_views.operator.sender_numbers import SenderNumbersView
from admin_views.operator.tenants import TenantsPanel
from admin_views.panels.appointments import AppointmentPanel
from admin_views.panels.business import BusinessView
from admin_views.panels.calls import CallPanel
from admin_views.panels.conversation_labels import LabelPanel
from admin_views.panels.customers import CustomerPanel
from admin_views.panels.messages import MessagePanel
from admin_views.panels.messaging_health import MessagingHealthView
from admin_views.panels.services import ServicePanel
from admin_views.panels.staff_members import StaffMemberPanel
from admin_views.panels.users import UserPanel
from admin_views.panels.whatsapp_templates import WhatsappTemplatePanel
from admin_views.privacy.privacy_page import PrivacyView
from admin_views.same_person.same_person_page import SamePersonView
from admin_views.segments.segments_page import SegmentsView
from admin_views.single_sign_on.sso_setup_page import SingleSignOnView
from admin_views.social.social_page import SocialAccountsView
from admin_views.static_urls import modules, url_for
from admin_views.team.person_page import PersonView
from admin_views.team.rights_page import RightsView
from admin_views.team.team_page import TeamView
from admin_views.webhooks.api_keys_page import ApiKeysView
from admin_views.webhooks.webhooks_page import WebhooksView
from app.web.guards import access
from app.web.guards.headers import nonce

# In the order of the menu. Under Setup: the business and its people, what is sent by itself,
# what it is connected with, and whether that works.
VIEWS = (
    InboxView,
    SavedViewsView,
    BulkView,
    AlertsView,
    KeyboardView,
    CalendarView,
    MovesView,
    CustomerPanel,
    ProfileView,
    SamePersonView,
    CustomerPaneView,
    MessageLifeView,
    NoticesView,
    SegmentsView,
    BroadcastsView,
    AppointmentPanel,
    TomorrowView,
    CallPanel,
    MessagePanel,
    BusinessView,
    ArchivesView,
    BusinessHoursView,
    WorkingHoursView,
    ServicePanel,
    TeamView,
    PersonView,
    RightsView,
    StaffMemberPanel,
    UserPanel,
    SingleSignOnView,
    ImportView,
    ExportView,
    NotificationsView,
    MessageTemplatesView,
    WhatsappTemplatePanel,
    AutomationView,
    AutomationLogView,
    LabelPanel,
    CannedReplyPanel,
    MailboxView,
    MailboxVendorView,
    LiveChatView,
    SocialAccountsView,
    CalendarFeedsView,
    WebhooksView,
    ApiKeysView,
    MessagingHealthView,
    AuditLogView,
    PrivacyView,
    TenantsPanel,
    FindCustomerView,
    SenderNumbersView,
    PeopleView,
    PlatformAuditView,
    PlatformHealthView,
    DeadLettersView,
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
    for route in ("report", "hide_guide"):
        access.allow(f"admin.{route}", Dashboard.roles, tenant=True)
    for kind in VIEWS:
        view = kind()
        admin.add_view(view)
        access.allow(view.endpoint, view.roles, tenant=view.in_tenant)
        for route in getattr(view, "for_admins", ()):
            access.allow(f"{view.endpoint}.{route}", access.ADMINS, tenant=view.in_tenant)
        for route, right in getattr(view, "by_right", {}).items():
            access.allow_by(right, f"{view.endpoint}.{route}")
    app.jinja_env.globals.update(in_business=in_business, pausing=pausing, health_broken=broken)
    app.jinja_env.globals.update(push_key=push_key, unread_notices=unread_notices, places=places)
    app.jinja_env.globals.update(fragment=fragment, fragments=fragments, whole=whole)
    app.jinja_env.globals.update(modules=modules, nothing_yet=nothing_yet, url_for=url_for)
    app.jinja_env.filters.update(initials=initials, pretty=pretty, tel=tel)
