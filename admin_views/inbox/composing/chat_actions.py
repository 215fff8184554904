"""What staff do once a visitor of the live chat has left: answer elsewhere, email what was said."""

from flask import flash, jsonify, make_response, redirect, url_for
from flask_admin import BaseView, expose
from werkzeug.wrappers import Response

from admin_views.frame import business
from admin_views.lookup import find
from admin_views.posted import posted
from admin_views.times import business_time
from app import live
from app.customers.edit_details import BadDetail
from app.extensions import db
from app.lib.time.clock import now
from app.models import ChatSession, Customer
from app.outbox.refused import Refused
from app.tenancy import current_tenant_id
from app.web.guards.access import wants_json
from app.webchat import hand_over, transcript
from app.webchat.seen_by_staff import visit

NEVER = "They have not chatted with you, or too long ago."


class ChatActions(BaseView):  # type: ignore[misc]
    """Each takes a form or JSON and leads back to the thread; 422 says why it cannot be done."""

    @expose("/<int:customer_id>/chat/hand-over", methods=["POST"])
    def hand_over(self, customer_id: int) -> Response:
        """Go on by the channel (sms or email), at the address that they left in the chat."""
        channel = str(posted().get("channel") or "")
        try:
            customer, session = _chat_of(customer_id)
            hand_over.hand_over(customer, session, channel, business().country, now())
        except (BadDetail, Refused) as refused:
            return _refused(customer_id, str(refused))
        live.publish(current_tenant_id(), customer_id)
        if wants_json():
            return jsonify(id=customer_id)
        return redirect(url_for(".show", customer_id=customer_id, by=channel))

    @expose("/<int:customer_id>/chat/transcript", methods=["POST"])
    def transcript(self, customer_id: int) -> Response:
        """Email what was said, to the address on file alone."""
        try:
            customer, session = _chat_of(customer_id)
            sent = transcript.send(customer, session, business_time(), now())
        except Refused as refused:
            return _refused(customer_id, str(refused))
        if wants_json():
            return make_response(jsonify(id=sent.id), 201)
        flash(f"The transcript goes to {sent.recipient}.", "success")
        return redirect(url_for(".show", customer_id=customer_id))


def _chat_of(customer_id: int) -> tuple[Customer, ChatSession]:
    """The customer and their last chat; 404 for another business's. Raises Refused."""
    customer = find(Customer, customer_id)
    found = visit(customer, now())
    if found is None:
        raise Refused(NEVER)
    return customer, found.session


def _refused(customer_id: int, why: str) -> Response:
    db.session.rollback()
    if wants_json():
        return make_response(jsonify(error=why), 422)
    flash(why, "error")
    return redirect(url_for(".show", customer_id=customer_id))
