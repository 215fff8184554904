"""What staff pin to a customer, change and take off, on their page and in the pane."""

from collections.abc import Callable

from flask import abort, flash, jsonify, make_response, redirect, url_for
from flask_admin import BaseView, expose
from werkzeug.wrappers import Response

from admin_views.inbox.inbox_page import mine
from admin_views.lookup import find
from admin_views.posted import id_of, posted
from app import live
from app.extensions import db
from app.lib.time.clock import now
from app.memory import pinned_facts
from app.models import Customer, PinnedFact
from app.tenancy import current_tenant_id
from app.web.guards.access import wants_json


class PinnedActions(BaseView):  # type: ignore[misc]
    """Each takes a form or JSON, and leads back to the customer's page; 422 says why something
    cannot be done. version: of the fact that was seen."""

    @expose("/<int:customer_id>/pinned", methods=["POST"])
    def pin(self, customer_id: int) -> Response:
        """Pin a fact."""
        find(Customer, customer_id)
        return _done(customer_id, lambda: pinned_facts.pin(customer_id, _text(), mine(), now()))

    @expose("/<int:customer_id>/pinned/<int:pinned_fact_id>", methods=["POST"])
    def change_pinned(self, customer_id: int, pinned_fact_id: int) -> Response:
        """What it says from now on (fact)."""
        row = _of(customer_id, pinned_fact_id)
        return _done(customer_id, lambda: pinned_facts.change(row, _text(), _seen(), mine(), now()))

    @expose("/<int:customer_id>/pinned/<int:pinned_fact_id>/unpin", methods=["POST"])
    def unpin(self, customer_id: int, pinned_fact_id: int) -> Response:
        """Take it off."""
        row = _of(customer_id, pinned_fact_id)
        return _done(customer_id, lambda: pinned_facts.unpin(row, _seen()))


def _of(customer_id: int, pinned_fact_id: int) -> PinnedFact:
    row: PinnedFact = find(PinnedFact, pinned_fact_id)
    return row if row.customer_id == customer_id else abort(404)


def _text() -> str:
    return str(posted().get("fact") or "")


def _seen() -> int:
    return id_of(posted().get("version")) or 0


def _done(customer_id: int, do: Callable[[], None]) -> Response:
    try:
        do()
        db.session.commit()
    except pinned_facts.NotPinned as refused:
        db.session.rollback()
        if wants_json():
            return make_response(jsonify(error=str(refused)), 422)
        flash(str(refused), "error")
    else:
        live.publish(current_tenant_id(), customer_id)
        live.publish(current_tenant_id(), live.APPOINTMENTS)
        if wants_json():
            return make_response(jsonify(id=customer_id))
    return redirect(url_for("profile.show", customer_id=customer_id, _anchor="memory"))
