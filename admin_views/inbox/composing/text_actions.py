"""What can be inserted while one writes: canned replies and templates."""

from dataclasses import asdict

from flask import jsonify, request
from flask_admin import BaseView, expose
from werkzeug.wrappers import Response

from admin_views.frame import business
from admin_views.inbox.inbox_page import mine
from admin_views.lookup import find
from app.channels import CHOSEN
from app.lib.time.clock import now
from app.models import Customer
from app.notifications.ready_texts import PLAIN, ready_texts


class TextActions(BaseView):  # type: ignore[misc]
    @expose("/<int:customer_id>/texts")
    def texts(self, customer_id: int) -> Response:
        """The texts at hand, filled in for the customer; of templates those of the channel."""
        customer = find(Customer, customer_id)
        channel = CHOSEN.get(request.args.get("channel", ""), PLAIN)
        found = ready_texts(customer, mine(), channel, business(), now())
        return jsonify(texts=[asdict(each) for each in found])
