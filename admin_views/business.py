"""A tenant admin's own business: name, zone, numbers, and what Twilio must be told."""

from flask import flash, redirect
from flask_admin import BaseView, expose
from werkzeug.wrappers import Response

from admin_views.business_form import BusinessForm, fill
from app.extensions import db, settings
from app.models import Tenant
from app.outbox.pause import pauses, resume
from app.tenancy import current_tenant_id
from app.web import access


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
        form = BusinessForm(obj=tenant)
        if form.validate_on_submit():
            fill(tenant, form)
            db.session.commit()
            resume()
            flash("Saved.", "success")
            return redirect(self.get_url(".index"))
        webhooks = f"{settings().public_url}/api/twilio/{tenant.slug}"
        page: str = self.render(
            "business.html", form=form, tenant=tenant, webhooks=webhooks, pauses=pauses()
        )
        return page

    @expose("/resume", methods=["POST"])
    def resume(self) -> Response:
        """It was put right at Twilio: try again at once."""
        resume()
        flash("Sending is tried again now.", "success")
        return redirect(self.get_url(".index"))
