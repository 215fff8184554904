"""Who the customer is, beside their conversation: details that are edited in place, how they are
reached, their appointments, the team's notes."""

from typing import Any

from flask import flash, jsonify, make_response, redirect, url_for
from flask_admin import BaseView, expose
from sqlalchemy import select
from werkzeug.wrappers import Response

from admin_views.frame import business
from admin_views.inbox.memory.memory_part import memory_part
from admin_views.labels import APPOINTMENT, CHANNEL, WRITTEN_BY
from admin_views.lookup import find
from admin_views.posted import posted
from admin_views.times import business_time
from app import live
from app.customers import customer_profile, marketing
from app.customers.address_consent import consent
from app.customers.edit_details import BadDetail, add_address, change_details
from app.customers.reached_through import family
from app.extensions import db
from app.inbox import labelling
from app.inbox.team import mentions
from app.lib.text.cleaning import preview
from app.lib.time.clock import now
from app.lib.time.locales import language
from app.models import Customer, Note
from app.notifications import ask_for_review
from app.tenancy import current_tenant_id
from app.web.guards import access
from app.web.guards.access import wants_json

# Of each list as many as one sees at a glance; the customer's page has the rest.
MOST = 3


class CustomerPaneView(BaseView):  # type: ignore[misc]
    """Without script nobody comes here: the name above a thread leads to the customer's page."""

    roles = access.STAFF
    in_tenant = True

    def __init__(self) -> None:
        super().__init__(name="Customer", endpoint="customer_pane", url="/customers/pane")

    def is_accessible(self) -> bool:
        return access.may("customer_pane")

    def is_visible(self) -> bool:
        """Never in the menu: it is always somebody's."""
        return False

    @expose("/")
    def index(self) -> Response:
        """All customers are in their panel."""
        return redirect(url_for("customers.index_view"))

    @expose("/<int:customer_id>")
    def show(self, customer_id: int) -> str:
        """The pane alone; 404 for another business's customer."""
        moment, there = now(), business_time()
        page: str = self.render(
            "inbox/pane.html",
            **_known(find(Customer, customer_id)),
            near=lambda instant: there.near(instant, moment),
            brief=lambda instant: there.brief(instant, moment),
            words=APPOINTMENT,
            channels=CHANNEL,
            written_by=WRITTEN_BY,
            spoken=language(business().locale[:2]),
            language=language,
        )
        return page

    @expose("/<int:customer_id>/details", methods=["POST"])
    def details(self, customer_id: int) -> Response:
        """Take over the fields that are posted, and no other; 422 says what is wrong."""
        customer = find(Customer, customer_id)
        return _done(customer, lambda: change_details(customer, posted()))

    @expose("/<int:customer_id>/address", methods=["POST"])
    def address(self, customer_id: int) -> Response:
        """One more number or email (address)."""
        customer, text = find(Customer, customer_id), str(posted().get("address") or "")
        return _done(customer, lambda: add_address(customer, text, business().country))


def _done(customer: Customer, change: Any) -> Response:
    customer_id = customer.id
    try:
        change()
    except BadDetail as bad:
        db.session.rollback()
        if wants_json():
            return make_response(jsonify(error=str(bad)), 422)
        flash(str(bad), "error")
    else:
        live.publish(current_tenant_id(), customer_id)
        if wants_json():
            return make_response(jsonify(id=customer_id))
    return redirect(url_for("profile.show", customer_id=customer_id))


def _known(customer: Customer) -> dict[str, Any]:
    moment = now()
    appointments = customer_profile.appointments(customer)
    coming = [row for row in reversed(appointments) if row.ends_at > moment]
    latest = select(Note).where(Note.customer_id == customer.id).order_by(Note.id.desc())
    notes = db.session.scalars(latest.limit(MOST)).all()
    names = mentions.names(notes)
    reached = consent(customer)
    return {
        "customer": customer,
        "through": customer.reached_through,
        "family": family(customer),
        "consent": reached,
        "offered_by": marketing.OFFERED_BY,
        "offers": marketing.words((row.channel, row.address) for row in reached),
        **memory_part(customer, reached, moment),
        "coming": coming[:MOST],
        "past": [row for row in appointments if row.ends_at <= moment][:MOST],
        "notes": [(note, preview(mentions.told(note.body, names))) for note in notes],
        "labels": labelling.among([customer.id]).get(customer.id, []),
        "asked": ask_for_review.last(customer),
    }
