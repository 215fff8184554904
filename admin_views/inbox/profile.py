"""A customer's page: who they are, what they want, what was and will be."""

from collections.abc import Callable
from typing import Any

from flask import flash, jsonify, make_response, redirect, request, url_for
from flask_admin import expose
from werkzeug.wrappers import Response

from admin_views.frame import business
from admin_views.inbox.memory.marketing_actions import MarketingActions
from admin_views.inbox.memory.memory_part import memory_part
from admin_views.inbox.memory.pinned_actions import PinnedActions
from admin_views.inbox.profile_json import profile_json, request_json
from admin_views.labels import APPOINTMENT, CALL, CHANNEL
from admin_views.lookup import find
from admin_views.notifications.outcomes import outcome_of
from admin_views.posted import posted
from admin_views.times import brief, shown
from app import live
from app.customers import contact, customer_profile, marketing
from app.customers.add import by_address, by_phone
from app.customers.address_consent import consent
from app.customers.reached_through import NoWay, add_to_family, family, reach_through
from app.extensions import db
from app.inbox.reading.seen import is_hidden
from app.inbox.snooze_times import offered
from app.lib.telephone.phone import BadNumber
from app.lib.text.cleaning import as_sentence, clean
from app.lib.time.clock import now
from app.lib.time.locales import language
from app.models import Customer
from app.notifications import ask_for_review
from app.notifications.forecast.why import of_customer
from app.notifications.types import TYPES
from app.outbox.refused import Refused
from app.privacy import ask_erasure
from app.tenancy import current_tenant_id
from app.web.guards import access
from app.web.guards.access import wants_json

SAID_BY = {
    "keyword": "they wrote",
    "carrier": "their carrier said so",
    "staff": "staff said so",
    "link": "by the link in an email",
    "chat": "they left it in the live chat, to be answered there",
    "import": "a file that was imported said so",
    "merge": "they wanted none at another address, and were merged",
    "complaint": "as an email of yours was reported as spam",
}


class ProfileView(PinnedActions, MarketingActions):
    roles = access.STAFF
    in_tenant = True

    def __init__(self) -> None:
        super().__init__(name="Customer", endpoint="profile", url="/customers")

    def is_accessible(self) -> bool:
        return access.may("profile")

    def is_visible(self) -> bool:
        """Never in the menu: it is always somebody's."""
        return False

    @expose("/")
    @expose("")
    def index(self) -> Response:
        """All customers are in their panel."""
        return redirect(url_for("customers.index_view"))

    @expose("/<int:customer_id>")
    def show(self, customer_id: int) -> Response | str:
        """All that is known of the customer; 404 for another business's."""
        customer = find(Customer, customer_id)
        if kept := customer.merged_into_id:
            return redirect(url_for(".show", customer_id=kept))
        known = _known(customer)
        if wants_json():
            return jsonify(profile_json(known))
        return self._page(**known)

    @expose("/<int:customer_id>/review", methods=["POST"])
    def ask_for_review(self, customer_id: int) -> Response:
        """Ask for a review now, or say why not (422)."""
        customer = find(Customer, customer_id)
        try:
            row = ask_for_review.request(customer, now())
        except Refused as refused:
            if wants_json():
                return make_response(jsonify(error=str(refused)), 422)
            flash(str(refused), "error")
        else:
            if wants_json():
                return make_response(jsonify(request_json(row)), 201)
            flash(f"The review request goes {shown(row.due_at)}.", "success")
        return redirect(url_for(".show", customer_id=customer_id))

    @expose("/<int:customer_id>/family", methods=["POST"])
    def family(self, customer_id: int) -> Response:
        """Somebody new (name) who is reached through the customer."""
        customer = find(Customer, customer_id)
        return _kept(customer, lambda: add_to_family(customer, str(posted().get("name") or "")))

    @expose("/<int:customer_id>/way", methods=["POST"])
    def way(self, customer_id: int) -> Response:
        """Through whose number or email (address) the customer is reached; without one they are
        written to themselves."""
        customer, text = find(Customer, customer_id), str(posted().get("address") or "").strip()
        return _kept(customer, lambda: reach_through(customer, _who_has(text) if text else None))

    def _page(self, **known: Any) -> str:
        tenant = business()
        page: str = self.render(
            "profile/profile.html",
            tenant=tenant,
            types=TYPES,
            outcome_of=outcome_of,
            language=language,
            shown=shown,
            brief=brief,
            words={"appointment": APPOINTMENT, "call": CALL, "channel": CHANNEL, "by": SAID_BY},
            here=request.path,
            call_back=offered(now(), tenant.timezone),
            logged=access.may("audit_log"),
            merges=access.may("same_person"),
            private=access.may("privacy.show"),
            hidden=is_hidden(known["customer"].id),
            erasure=ask_erasure.asked(known["customer"].id),
            **known,
        )
        return page


def _who_has(text: str) -> Customer:
    """Raises NoWay, BadNumber or BadAddress."""
    channel = "email" if "@" in text else "sms"
    address = contact.normal(channel, clean(text)[:254], business().country)
    found = by_phone(address) if channel == "sms" else by_address(channel, address)
    if found is None:
        raise NoWay("Nobody is known by that. Add who has it as a customer first.")
    return found


def _kept(customer: Customer, change: Callable[[], object]) -> Response:
    customer_id = customer.id
    try:
        change()
        db.session.commit()
    except (NoWay, BadNumber, contact.BadAddress) as error:
        db.session.rollback()
        reason = as_sentence(error)
        if wants_json():
            return make_response(jsonify(error=reason), 422)
        flash(reason, "error")
    else:
        live.publish(current_tenant_id(), customer_id)
        if wants_json():
            return make_response(jsonify(id=customer_id))
        flash("Saved.", "success")
    return redirect(url_for(".show", customer_id=customer_id))


def _known(customer: Customer) -> dict[str, Any]:
    moment = now()
    appointments = customer_profile.appointments(customer)
    reached = consent(customer)
    return {
        "customer": customer,
        "through": customer.reached_through,
        "family": family(customer),
        "consent": reached,
        "offered_by": marketing.OFFERED_BY,
        "offers": marketing.words((row.channel, row.address) for row in reached),
        **memory_part(customer, reached, moment),
        "coming": [row for row in reversed(appointments) if row.ends_at > moment],
        "past": [row for row in appointments if row.ends_at <= moment],
        "calls": customer_profile.calls(customer),
        "notifications": of_customer(customer, moment),
        "asked": ask_for_review.last(customer),
    }
