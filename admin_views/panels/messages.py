"""The panel of messages: read only."""

from typing import Any

from sqlalchemy.orm import joinedload

from admin_views.labels import CHANNEL, DIRECTION, STATUS, badge, words
from admin_views.numbers import pretty, tel
from admin_views.panels.customers import to_thread
from admin_views.panels.filters import one_of
from admin_views.panels.panel import Panel
from admin_views.times import Between
from app.models import Customer, Message


def _number(_view: Any, _context: Any, message: Message, name: str) -> str:
    """The customer's as a link that calls it; the business's own as people read it."""
    theirs = "sender" if message.inbound else "recipient"
    number = getattr(message, name) or ""
    return tel(number) if name == theirs else pretty(number)


class MessagePanel(Panel):
    """Every message, to look up and export; nobody changes what was said."""

    model_class = Message
    title = "Messages"
    path = "messages"
    icon = "fa-envelope-o"
    category_name = "Records"

    can_create = False
    can_edit = False
    can_delete = False
    column_list = ("created_at", "customer", "direction", "channel", "body", "status", "error")
    column_labels = {
        "created_at": "When",
        "error": "Why it failed",
        "author": "Written by",
        "error_code": "Twilio's code",
        "provider_sid": "Twilio's id",
        "fell_back_from": "Written for",
        "content_sid": "Template",
        "sent_at": "Sent",
    }
    column_formatters = {
        "customer": lambda v, c, m, n: to_thread(v, c, m.customer, n),
        "direction": words(DIRECTION),
        "channel": badge(CHANNEL),
        "fell_back_from": words(CHANNEL),
        "status": badge(STATUS),
        "sender": _number,
        "recipient": _number,
    }
    column_formatters_export = {
        "direction": words(DIRECTION),
        "channel": words(CHANNEL),
        "fell_back_from": words(CHANNEL),
        "status": words(STATUS),
    }
    column_formatters_detail = column_formatters
    column_details_list = (
        "created_at",
        "customer",
        "direction",
        "channel",
        "sender",
        "recipient",
        "body",
        "status",
        "sent_at",
        "error",
        "error_code",
        "author",
        "provider_sid",
        "fell_back_from",
        "content_sid",
    )
    column_export_list = column_details_list
    loads = (
        joinedload(Message.customer).selectinload(Customer.contact_points),
        joinedload(Message.author),
    )
    column_sortable_list = (("created_at", "id"),)
    column_default_sort = ("id", True)
    column_searchable_list = ("body", "sender", "recipient")
    customer_key = "customer_id"
    column_filters = (
        *one_of(Message.direction, "Direction", DIRECTION),
        *one_of(Message.channel, "Channel", CHANNEL),
        *one_of(Message.status, "State", STATUS),
        Between(Message.created_at, "When"),
    )
