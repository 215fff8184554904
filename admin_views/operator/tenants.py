"""The operator's list of businesses, and the door into each."""

from typing import Any, ClassVar

import structlog
from flask import flash, redirect, request, url_for
from flask_admin import expose
from flask_security import current_user
from markupsafe import Markup
from werkzeug.wrappers import Response
from wtforms import StringField
from wtforms.validators import InputRequired, Regexp

from admin_views import limits
from admin_views.numbers import as_written
from admin_views.operator import health_columns
from admin_views.operator.operator_form import OperatorForm
from admin_views.panels.business_form import BusinessForm, as_entered, take_over
from admin_views.panels.pages.business_sections import sections
from admin_views.panels.panel import Panel
from admin_views.posted import id_of
from app import onboarding
from app.audit.audit_record import record_in
from app.extensions import db
from app.lib.text.cleaning import clean, one_line, shows
from app.lib.time.clock import now
from app.models import AuditAction, Tenant
from app.web.guards import access, entering

SLUG = r"^[a-z0-9][a-z0-9-]*$"
LONGEST_REASON = 200
NUMBERS = ("sms_from", "whatsapp_from", "forward_calls_to")

log = structlog.get_logger()


DOOR = Markup('<a class="leads-in" href="{}" title="Work there">{}</a>')


def leads_in(_view: Any, _context: Any, tenant: Tenant, _name: str) -> Markup:
    """The name, which leads into the business."""
    return DOOR.format(url_for("tenants.enter", tenant_id=tenant.id), tenant.name)


class NewBusinessForm(OperatorForm):
    slug = StringField(
        "Slug",
        [InputRequired(), Regexp(SLUG, message="Use small letters, digits and hyphens.")],
        description="Its name in webhook URLs; it cannot be changed later.",
    )


class TenantsPanel(Panel):
    model_class = Tenant
    title = "Businesses"
    path = "tenants"
    icon = "fa-building"
    thing = "business"
    roles = access.PLATFORM
    in_tenant = False

    can_delete = False
    column_list = ("name", *health_columns.CELLS, "sms_from", "whatsapp_from", "created_at")
    column_labels = {
        "heard": "Last heard",
        "timezone": "Time zone",
        "sms_from": "SMS number",
        "whatsapp_from": "WhatsApp number",
        "forward_calls_to": "Calls ring at",
        "rcs_sender": "RCS sender",
        "messaging_service_sid": "Messaging Service",
        "twilio_account_sid": "Own Twilio account",
        "open_countries": "Open countries",
        "segments_a_day": "Text segments a day",
        "calls_a_day": "Forwarded calls a day",
        "strangers_a_day": "Texts to unknown callers a day",
        "created_at": "Since",
    }
    column_formatters_detail = dict.fromkeys(NUMBERS, as_written)
    column_formatters = {
        **column_formatters_detail,
        **dict.fromkeys(health_columns.CELLS, health_columns.cell),
        "name": leads_in,
    }
    column_formatters_export: ClassVar[dict[str, Any]] = {}
    column_details_list = (
        *("name", "slug", "timezone", "country", "sms_from", "whatsapp_from", "created_at"),
        "forward_calls_to",
        "rcs_sender",
        "messaging_service_sid",
        "twilio_account_sid",
        "open_countries",
        "segments_a_day",
        "calls_a_day",
        "strangers_a_day",
    )
    column_export_list = column_details_list
    column_default_sort = "name"
    column_searchable_list = ("name", "slug", "sms_from", "whatsapp_from")
    column_filters = ("timezone", "country")
    form = OperatorForm
    list_template = "panel/tenants.html"
    create_template = edit_template = "panel/tenant_form.html"

    def render(self, template: str, **given: Any) -> str:
        """The list begins with who costs too much, a form with what is wrong."""
        more = limits.of_all() if template == self.list_template else {}
        if form := given.get("form"):
            more = {"sections": list(sections(form))}
        page: str = super().render(template, **more, **given)
        return page

    def search_placeholder(self) -> str:
        return "Business, slug or its number"

    def get_list(self, *how: Any, **also: Any) -> tuple[int | None, Any]:
        count, rows = super().get_list(*how, **also)
        if isinstance(rows, list):
            health_columns.look(rows)
        return count, rows

    def get_create_form(self) -> type[BusinessForm]:
        return NewBusinessForm

    def create_model(self, form: Any) -> Tenant | bool:
        """Make the business with its default templates, from within another as well."""
        access.leave_scope()
        try:
            tenant = onboarding.create_tenant(
                form.slug.data,
                form.name.data,
                form.timezone.data,
                form.country.data,
                locale=form.locale.data,
            )
        except onboarding.Rejected as error:
            form.slug.errors = [*form.slug.errors, f"{error}."]
            return False
        if not take_over(tenant, form, by_operator=True):
            flash("It was made, but a number was refused: open it and enter it again.", "error")
        return tenant

    def update_model(self, form: Any, model: Any) -> bool:
        """Change any business, from within another as well."""
        access.leave_scope()
        return take_over(model, form, by_operator=True)

    def edit_form(self, obj: Any = None) -> Any:
        """With what was entered of any business, from within another as well."""
        with access.outside():
            shown = as_entered(obj) if obj else None
        return super().edit_form(shown)

    @expose("/enter/<int:tenant_id>", methods=["GET", "POST"])
    def enter(self, tenant_id: int) -> Response | str | tuple[str, int]:
        """Work in the business until it is left again, or an hour is over, for a reason that its
        admins read; customer= leads to one of its customers."""
        tenant, customer_id = self.get_one(tenant_id), id_of(request.values.get("customer"))
        if request.method == "GET":
            return self._door(tenant, customer_id)
        reason = one_line(clean(request.form.get("reason", "")))[:LONGEST_REASON].strip()
        if not shows(reason):
            flash("Say why: the business reads it.", "error")
            return self._door(tenant, customer_id), 422
        may_change = "may_change" in request.form
        entering.enter(tenant, reason, may_change, now())
        log.info("business_entered", operator=current_user.id, tenant=tenant_id)
        facts = {"reason": reason, "may_change": may_change}
        record_in(tenant_id, AuditAction.ENTERED, facts=facts)
        db.session.commit()
        if customer_id:
            return redirect(url_for("inbox.show", customer_id=customer_id))
        return redirect(url_for("inbox.index"))

    def _door(self, tenant: Tenant, customer_id: int | None) -> str:
        page: str = self.render("operator/enter.html", tenant=tenant, customer=customer_id)
        return page

    @expose("/leave", methods=["POST"])
    def leave(self) -> Response:
        if tenant_id := entering.leave():
            record_in(tenant_id, AuditAction.LEFT)
            db.session.commit()
        return redirect(url_for("tenants.index_view"))
