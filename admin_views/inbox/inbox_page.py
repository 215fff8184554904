"""What the inbox shows, as its address asks for it: the list, and one customer's thread."""

import uuid
from typing import Any

from flask import abort, request
from sqlalchemy import select
from sqlalchemy.orm import joinedload

from admin_views import limits
from admin_views.frame import business
from admin_views.inbox.answers import spoken, waiting
from admin_views.inbox.composer import channels
from admin_views.inbox.picker import offers
from admin_views.times import business_time
from app.extensions import db
from app.inbound.answers_arrive import answers_go
from app.inbox import conversations, failures, thread
from app.inbox.statistics import statistics
from app.lib.time.clock import now
from app.models import Conversation, Customer
from app.outbox.queue.paused_senders import pauses

BIGINT = 2**63


def number(value: Any) -> int:
    """An id as it was sent; 404 for anything that cannot be one."""
    try:
        given = int(str(value))
    except ValueError:
        abort(404)
    return given if 0 <= given < BIGINT else abort(404)


def list_context(selected: int | None) -> dict[str, Any]:
    """A page of the conversations, narrowed as the address says; one of them may be open."""
    wanted = conversations.Filter(
        text=request.args.get("q", "").replace("\x00", "")[:100],
        channel=request.args.get("channel", "")[:20],
        unread="unread" in request.args,
        waiting="waiting" in request.args,
        failed="failed" in request.args,
    )
    cursor = conversations.Cursor.parse(request.args.get("after", ""))
    rows, following = conversations.page(wanted, cursor)
    return {
        "conversations": rows,
        "following": following,
        "wanted": wanted,
        "selected": selected,
        "failed": failures.among(row.customer_id for row in rows),
        "failed_count": failures.count(),
        "most_failed": failures.MOST,
        "pauses": pauses(),
        **limits.of_ours(),
        "counts": statistics(business_time().day(now())),
    }


def thread_context(customer: Customer) -> dict[str, Any]:
    """A page of the messages with the customer, and by what they can be written to now."""
    before = request.args.get("before")
    conversation = db.session.scalar(
        select(Conversation)
        .where(Conversation.customer_id == customer.id)
        .options(joinedload(Conversation.open_reply))
    )
    page = thread.page(customer.id, number(before) if before else None)
    offered = offers(customer)
    moment = now()
    return {
        "customer": customer,
        "conversation": conversation,
        "thread": page,
        "spoken": spoken(customer, page.messages),
        "not_arrived": failures.last(customer.id),
        "composer": channels(customer, conversation, business(), moment, bool(offered)),
        "answers_go": answers_go(business()),
        "offers": offered,
        **waiting(conversation, moment),
        "moment": moment,
        "client_token": uuid.uuid4().hex,
    }
