"""A tenant admin's own business: name, zone, numbers, and what Twilio must be told."""

from typing import Any

from flask import flash, redirect
from flask_admin import BaseView, expose
from werkzeug.wrappers import Response
from wtforms.validators import ValidationError

from admin_views import limits
from admin_views.panels.business_form import NUMBERS, BusinessForm, as_entered, take_over
from admin_views.panels.pages.business_sections import sections
from admin_views.panels.pages.form_errors import wrong
from admin_views.panels.pages.kept_words import NOWHERE, archived, what_goes
from app.extensions import db, settings
from app.lib.time.clock import now
from app.models import NumberState, Tenant
from app.numbers.enter import entered
from app.outbox.queue.paused_senders import pauses, resume
from app.outbox.reply_to import reply_address
from app.providers.twilio import twiml
from app.tasks import Task, enqueue
from app.tenancy import current_tenant_id
from app.web.guards import access


class OwnBusinessForm(BusinessForm):
    """As a business's own admin has it: what costs the operator's money, the operator enters."""

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
        form = OwnBusinessForm(obj=as_entered(tenant))
        kept = tenant.messages_kept_years
        if form.validate_on_submit() and take_over(tenant, form, access.may("tenants")):
            resume()
            flash("Saved.", "success")
            if tenant.messages_kept_years != kept and (told := what_goes(tenant, now())):
                flash(told, "info")
            return redirect(self.get_url(".index"))
        webhooks = f"{settings().public_url}/api/twilio/{tenant.slug}"
        page: str = self.render(
            "panel/business.html",
            form=form,
            sections=list(sections(form)),
            wrong=wrong(form),
            token_stored=bool(tenant.twilio_auth_token_sealed),
            tenant=tenant,
            webhooks=webhooks,
            retries=twiml.RETRIES,
            pauses=pauses(),
            numbers={field: _state(tenant, channel) for channel, field in NUMBERS.items()},
            archived=archived(),
            archive_nowhere="" if settings().archive_dir else NOWHERE,
            may_ask_again=reply_address.may_ask_again(tenant, now()),
            **limits.of_ours(),
        )
        return page

    @expose("/reply-link", methods=["POST"])
    def reply_link(self) -> Response:
        """Send the link that confirms the mailbox for answers again."""
        if reply_address.ask_again(db.session.get_one(Tenant, current_tenant_id()), now()):
            db.session.commit()
            enqueue(Task.SEND_REPLY_LINKS)
            flash("The link is sent again.", "success")
        else:
            flash("A link was sent a moment ago. Wait a few minutes before you ask again.", "info")
        return redirect(self.get_url(".index"))

    @expose("/resume", methods=["POST"])
    def resume(self) -> Response:
        """It was put right at Twilio: try again at once."""
        resume()
        flash("Sending is tried again now.", "success")
        return redirect(self.get_url(".index"))


def _state(tenant: Tenant, channel: str) -> str:
    """Why the number that was entered does not count yet, or no more; empty: it does, or there is
    none."""
    row = entered(tenant, channel)
    if row is None or row.state == NumberState.HELD:
        return ""
    return row.reason or "Twilio is being asked whether this number is in your account."
