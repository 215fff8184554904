"""A tenant admin's own business: name, zone, numbers, and what Twilio must be told."""

from typing import Any

from flask import flash, redirect
from flask_admin import BaseView, expose
from werkzeug.wrappers import Response
from wtforms.validators import ValidationError

from admin_views import limits
from admin_views.business_form import BusinessForm, fill
from app.extensions import db, settings
from app.models import Tenant
from app.outbox.pause import pauses, resume
from app.outbox.sender import platforms
from app.providers.twilio import twiml
from app.tasks import Task, ring
from app.tenancy import current_tenant_id
from app.web import access


class OwnBusinessForm(BusinessForm):
    """As a business's own admin has it: what writes through our account, the operator enters."""

    def validate_sms_from(self, field: Any) -> None:
        changed = field.data and field.data != field.object_data
        ours = not self.pays_itself() or field.data in platforms().values()
        if changed and ours and not access.may("tenants"):
            raise ValidationError("This number writes through our Twilio account: ask us for it.")

    validate_whatsapp_from = validate_sms_from

    def validate_country(self, field: Any) -> None:
        if field.data != field.object_data and not access.may("tenants"):
            raise ValidationError("Texts and calls go to your own country: ask us to change it.")


class BusinessView(BaseView):  # type: ignore[misc]
    roles = access.ADMINS
    in_tenant = True

    def __init__(self) -> None:
        super().__init__(
            name="Business",
            category="Setup",
            endpoint="business",
            url="/admin/business",
            menu_icon_type="fa",
            menu_icon_value="fa-building-o",
        )

    def is_accessible(self) -> bool:
        return access.may("business")

    @expose("/", methods=["GET", "POST"])
    def index(self) -> Response | str:
        tenant = db.session.get_one(Tenant, current_tenant_id())
        form = OwnBusinessForm(obj=tenant)
        if form.validate_on_submit():
            fill(tenant, form)
            db.session.commit()
            ring(Task.PLAN)
            resume()
            flash("Saved.", "success")
            return redirect(self.get_url(".index"))
        webhooks = f"{settings().public_url}/api/twilio/{tenant.slug}"
        page: str = self.render(
            "business.html",
            form=form,
            tenant=tenant,
            webhooks=webhooks,
            retries=twiml.RETRIES,
            pauses=pauses(),
            **limits.of_ours(),
        )
        return page

    @expose("/resume", methods=["POST"])
    def resume(self) -> Response:
        """It was put right at Twilio: try again at once."""
        resume()
        flash("Sending is tried again now.", "success")
        return redirect(self.get_url(".index"))
