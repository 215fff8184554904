"""The inbox that staff have open all day: the conversations, one thread, the composer."""

import uuid
from typing import Any

from flask import abort, flash, jsonify, make_response, redirect, request, url_for
from flask_admin import BaseView, expose
from flask_security import current_user
from sqlalchemy import select
from sqlalchemy.orm import joinedload
from werkzeug.wrappers import Response

from admin_views.answers import became, waits
from admin_views.composer import channels
from admin_views.inbox_json import list_json, message_json, thread_json
from admin_views.picker import offers, picked
from admin_views.posted import posted
from admin_views.words import STATUS
from app import live
from app.channels import CHANNELS
from app.customers.add import add
from app.extensions import db
from app.inbox import conversations, thread
from app.inbox.statistics import statistics
from app.lib.clock import day_heading, local_day, now, wall_time, when
from app.lib.phone import BadNumber, pretty
from app.lib.text import clean
from app.models import Conversation, Customer, Tenant
from app.outbox.attach import Upload
from app.outbox.compose import compose
from app.outbox.pause import pauses
from app.outbox.refused import Refused
from app.tenancy import current_tenant_id
from app.web import access
from app.web.access import wants_json

BIGINT = 2**63


class InboxView(BaseView):  # type: ignore[misc]
    roles = access.STAFF
    in_tenant = True

    def __init__(self) -> None:
        super().__init__(
            name="Inbox",
            endpoint="inbox",
            url="/messages",
            menu_icon_type="fa",
            menu_icon_value="fa-comments-o",
        )

    def is_accessible(self) -> bool:
        return access.may("inbox")

    @expose("/")
    @expose("")
    def index(self) -> Response | str:
        """All conversations; with part=list only the list, for the live page."""
        context = _list_context(None)
        if wants_json():
            return jsonify(list_json(context))
        return self._page("inbox/list.html" if _part("list") else "inbox/inbox.html", **context)

    @expose("/<int:customer_id>")
    def show(self, customer_id: int) -> Response | str:
        """One customer's thread; with part=thread only the messages, for the live page."""
        customer = _customer(customer_id)
        context = _thread_context(customer)
        if wants_json():
            return jsonify(thread_json(customer, context["thread"]))
        for part in ("thread", "channels"):
            if _part(part):
                return self._page(f"inbox/{part}.html", **context)
        return self._page("inbox/inbox.html", **_list_context(customer_id), **context)

    @expose("/send", methods=["POST"])
    def send(self) -> Response | tuple[str, int]:
        """Send a message by hand; JSON or a form: customer_id, channel, body, client_token, and
        an email's subject (else it is the business's name); or, in the body's place, template_id
        and variables (a form's variable_1, variable_2 …)."""
        values = posted()
        customer = _customer(_number(values.get("customer_id")))
        try:
            message = compose(
                customer,
                str(values.get("channel") or ""),
                str(values.get("body") or ""),
                now(),
                author_id=_author_id(),
                client_token=_token(values.get("client_token")),
                uploads=_uploads(),
                template=picked(values),
                subject=str(values.get("subject") or ""),
            )
        except Refused as refused:
            return self._refuse(customer, refused, values)
        if wants_json():
            return make_response(jsonify(message_json(message)), 201)
        return redirect(url_for(".show", customer_id=customer.id))

    def _refuse(
        self, customer: Customer, refused: Refused, values: dict[str, Any]
    ) -> Response | tuple[str, int]:
        if wants_json():
            return make_response(jsonify(error=str(refused)), 422)
        flash(str(refused), "error")
        context = _list_context(customer.id) | _thread_context(customer)
        context |= {"draft": values.get("body"), "chosen": values.get("channel")}
        context["subject"] = values.get("subject")
        return self._page("inbox/inbox.html", **context), 422

    @expose("/<int:customer_id>/read", methods=["POST"])
    def read(self, customer_id: int) -> Response:
        """What staff have seen up to a message is no longer unread."""
        customer = _customer(customer_id)
        if thread.mark_read(customer.id, _number(posted().get("up_to"))):
            live.publish(current_tenant_id(), customer.id)
        return Response(status=204)

    @expose("/<int:customer_id>/done/<int:reply_id>", methods=["POST"])
    def done(self, customer_id: int, reply_id: int) -> Response:
        """The answer to a reminder needs nobody any more, unless another came meanwhile."""
        customer = _customer(customer_id)
        if thread.mark_done(customer.id, _number(reply_id)):
            live.publish(current_tenant_id(), customer.id)
        return redirect(url_for(".show", customer_id=customer.id))

    @expose("/new", methods=["GET", "POST"])
    def new(self) -> Response | str | tuple[str, int]:
        """A customer who is not in the list yet: by name and number, then straight to write."""
        if request.method == "GET":
            return self._page("inbox/new.html", form={})
        try:
            customer, is_new = add(
                request.form.get("phone", ""), request.form.get("name", ""), _tenant().country
            )
        except BadNumber as error:
            flash(f"{error}. Give it with its country code, such as +1 212 555 0142.", "error")
            return self._page("inbox/new.html", form=request.form), 422
        if not is_new:
            flash(f"This number is known already: it belongs to {customer.name}.", "info")
        return redirect(url_for(".show", customer_id=customer.id))

    def _page(self, template: str, **context: Any) -> str:
        tenant = _tenant()
        moment = now()
        page: str = self.render(
            template,
            tenant=tenant,
            channels_by_key=CHANNELS,
            when=lambda instant: when(instant, tenant.timezone, moment),
            clock=lambda instant: f"{wall_time(instant, tenant.timezone):%H:%M}",
            heading=lambda instant: day_heading(
                local_day(instant, tenant.timezone), local_day(moment, tenant.timezone)
            ),
            pretty=lambda address: pretty(address, tenant.country),
            status_words=STATUS,
            waits=lambda reply: waits(reply, tenant.timezone),
            became=lambda reply: became(reply, tenant.timezone),
            **context,
        )
        return page


def _part(name: str) -> bool:
    return request.args.get("part") == name


def _tenant() -> Tenant:
    return db.session.get_one(Tenant, current_tenant_id())


def _number(value: Any) -> int:
    """An id as it was sent; 404 for anything that cannot be one."""
    try:
        number = int(str(value))
    except ValueError:
        abort(404)
    return number if 0 <= number < BIGINT else abort(404)


def _token(value: Any) -> str | None:
    token = clean(str(value or "")).strip()
    return token[:100] or None


def _uploads() -> list[Upload]:
    """The files that came with the form."""
    files = (file for file in request.files.getlist("files") if file.filename)
    return [Upload(clean(file.filename or "")[:100], file.read()) for file in files]


def _author_id() -> int | None:
    # A platform admin is no user of the tenant, so no row of it can name them.
    return current_user.id if current_user.tenant_id else None


def _customer(customer_id: int) -> Customer:
    if customer_id >= 2**31:
        abort(404)
    customer = db.session.get(Customer, customer_id)
    return customer or abort(404)


def _list_context(selected: int | None) -> dict[str, Any]:
    wanted = conversations.Filter(
        text=request.args.get("q", "").replace("\x00", "")[:100],
        channel=request.args.get("channel", "")[:20],
        unread="unread" in request.args,
        waiting="waiting" in request.args,
    )
    cursor = conversations.Cursor.parse(request.args.get("after", ""))
    rows, following = conversations.page(wanted, cursor)
    return {
        "conversations": rows,
        "following": following,
        "wanted": wanted,
        "selected": selected,
        "pauses": pauses(),
        "counts": statistics(local_day(now(), _tenant().timezone)),
    }


def _thread_context(customer: Customer) -> dict[str, Any]:
    before = request.args.get("before")
    conversation = db.session.scalar(
        select(Conversation)
        .where(Conversation.customer_id == customer.id)
        .options(joinedload(Conversation.open_reply))
    )
    offered = offers(customer)
    moment = now()
    return {
        "customer": customer,
        "conversation": conversation,
        "thread": thread.page(customer.id, _number(before) if before else None),
        "composer": channels(customer, conversation, _tenant(), moment, bool(offered)),
        "reply_to": _tenant().reply_to,
        "offers": offered,
        "moment": moment,
        "client_token": uuid.uuid4().hex,
    }
