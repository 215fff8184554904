"""Who is probably the same person; two side by side; merging them, and undoing it."""

from typing import Any

from flask import flash, redirect, request, url_for
from flask_admin import BaseView, expose
from flask_security import current_user
from sqlalchemy.exc import IntegrityError, OperationalError
from werkzeug.wrappers import Response

from admin_views.frame import business
from admin_views.labels import CHANNEL
from admin_views.lookup import find
from admin_views.numbers import pretty
from admin_views.times import shown
from app import live
from app.customers.merging.likely_same import likely_pairs, likely_same
from app.customers.merging.one_person import CannotMerge, make_one
from app.customers.merging.side_by_side import side_by_side
from app.customers.merging.take_apart import UNDONE_WITHIN, merges_of, take_apart
from app.extensions import db
from app.inbox.customer_search import matching
from app.lib.text.cleaning import as_sentence
from app.lib.time.clock import now
from app.lib.time.locales import language
from app.models import Customer, CustomerMerge
from app.tenancy import current_tenant_id
from app.web.guards import access

BUSY = "Somebody is working on one of them right now. Try again in a moment."
DONE = "Merged. All of both is here now. “Same person?” undoes it, for 30 days."
APART = "Undone. Each has their own again, and what came to their addresses meanwhile."
WHICH = "That is no merge of this customer's. Choose one below."
FOUND = 10


class SamePersonView(BaseView):  # type: ignore[misc]
    roles = access.STAFF
    in_tenant = True

    def __init__(self) -> None:
        super().__init__(name="Same person?", endpoint="same_person", url="/same-person")

    def is_accessible(self) -> bool:
        return access.may("same_person")

    def is_visible(self) -> bool:
        """The customers lead here."""
        return False

    @expose("/")
    def index(self) -> str:
        """Of all customers, two and two."""
        page: str = self.render("same_person/pairs.html", pairs=likely_pairs())
        return page

    @expose("/<int:customer_id>")
    def of(self, customer_id: int) -> Response | str:
        """Of one: who they probably are, with whom they were merged, and who else it may be (q)."""
        customer: Customer = find(Customer, customer_id)
        if customer.merged_into_id:
            return redirect(url_for(".of", customer_id=customer.merged_into_id))
        asked = request.args.get("q", "").strip()[:100]
        found = matching(asked, 0, FOUND) if asked else []
        page: str = self.render(
            "same_person/one.html",
            customer=customer,
            likely=likely_same(customer),
            asked=asked,
            found=[each for each in found if each.id != customer.id],
            merges=merges_of(customer, now()),
            within=UNDONE_WITHIN,
            channel=CHANNEL,
            shown=shown,
        )
        return page

    @expose("/<int:customer_id>/both")
    def both(self, customer_id: int) -> Response | str:
        """Side by side with another one (other), and what merging them would do."""
        customer, other = find(Customer, customer_id), _other()
        if customer is other or customer.merged_into_id or other.merged_into_id:
            return redirect(url_for(".of", customer_id=customer.merged_into_id or customer.id))
        page: str = self.render(
            "same_person/both.html",
            both=side_by_side(customer, other),
            tenant=business(),
            channel=CHANNEL,
            language=language,
            shown=shown,
        )
        return page

    @expose("/<int:customer_id>/merge", methods=["POST"])
    def merge(self, customer_id: int) -> Response:
        """What is another one's (other) becomes the customer's, whose row stays."""
        kept, gone = find(Customer, customer_id), _other()
        user_id = current_user.id if current_user.tenant_id else None
        return _done(kept.id, gone.id, DONE, lambda: make_one(kept.id, gone.id, user_id, now()))

    @expose("/<int:customer_id>/undo", methods=["POST"])
    def undo(self, customer_id: int) -> Response:
        """One of the customer's merges (merge)."""
        customer: Customer = find(Customer, customer_id)
        asked = request.form.get("merge", "")
        merge: CustomerMerge | None = find(CustomerMerge, asked) if asked else None
        if merge is None or merge.kept_id != customer.id:
            flash(WHICH, "error")
            return redirect(url_for(".of", customer_id=customer.id))
        return _done(merge.kept_id, merge.gone_id, APART, lambda: take_apart(merge, now()))


def _other() -> Customer:
    """Who is named; nobody: the customer of the address, who cannot be merged with themselves."""
    asked = request.values.get("other") or (request.view_args or {})["customer_id"]
    other: Customer = find(Customer, asked)
    return other


def _done(kept_id: int, gone_id: int, told: str, change: Any) -> Response:
    try:
        change()
        db.session.commit()
    except CannotMerge as error:
        db.session.rollback()
        flash(as_sentence(error), "error")
    except (OperationalError, IntegrityError):
        # Of the second: what a webhook has just stored.
        db.session.rollback()
        flash(BUSY, "error")
    else:
        for id_ in (kept_id, gone_id):
            live.publish(current_tenant_id(), id_)
        flash(pretty(told), "success")
        return redirect(url_for("profile.show", customer_id=kept_id))
    return redirect(url_for(".of", customer_id=kept_id))
