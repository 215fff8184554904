"""The inbox that staff have open all day: the conversations, one thread, the composer."""

from datetime import datetime
from typing import Any

from flask import abort, flash, jsonify, make_response, redirect, request, url_for
from flask_admin import expose
from werkzeug.wrappers import Response

from admin_views.automation.run_words import did
from admin_views.frame import business
from admin_views.inbox.answers import became, waits
from admin_views.inbox.composing import composing_page
from admin_views.inbox.composing.chat_actions import ChatActions
from admin_views.inbox.composing.composing_page import composing_context
from admin_views.inbox.composing.draft_actions import DraftActions
from admin_views.inbox.composing.later_actions import (
    LaterActions,
    goes,
    scheduled_json,
    send_time,
    wall,
)
from admin_views.inbox.composing.text_actions import TextActions
from admin_views.inbox.conversation_actions import ConversationActions
from admin_views.inbox.event_words import rang, said_by, told, who
from admin_views.inbox.inbox_address import came_from, kept
from admin_views.inbox.inbox_json import list_json, message_json, thread_json
from admin_views.inbox.inbox_page import (
    asked_for,
    asked_life,
    asked_thread,
    beside_message,
    bulk_context,
    life_context,
    list_context,
    mine,
    number,
    older_context,
    thread_context,
    waited,
    with_conversation,
)
from admin_views.inbox.letters import frame_height, invited, somebody_there
from admin_views.inbox.lists import search_page
from admin_views.inbox.lists.folders import unread_count
from admin_views.inbox.picker import picked
from admin_views.labels import STATUS
from admin_views.lookup import find
from admin_views.numbers import pretty
from admin_views.posted import id_of, ids_of, posted, token
from admin_views.times import business_time
from app import live
from app.channels import CHANNELS
from app.customers.add import add
from app.customers.merging.standing import kept_id
from app.extensions import db
from app.inbox import conversation_commands as commands
from app.inbox import failures, thread
from app.inbox.conversation_log import By
from app.inbox.list_views import View
from app.inbox.lists.conversation_counts import nobody_yet
from app.inbox.statistics import statistics
from app.inbox.team import mentions, notices
from app.lib.telephone.phone import BadNumber
from app.lib.text.cleaning import clean
from app.lib.text.places import place
from app.lib.text.tapbacks import tapback
from app.lib.time.clock import now
from app.models import Conversation, Customer, Message, ScheduledMessage
from app.outbox.compose.attachments import Upload
from app.outbox.compose.draft_files import NoSuchFile
from app.outbox.compose.drafts import InDraft
from app.outbox.compose.manual_message import compose
from app.outbox.refused import Refused, SentAlready
from app.outbox.send_later import Written, schedule
from app.prepared import ask
from app.row_security.visibility import seen_by
from app.search import found_messages
from app.search.typed_search import typed
from app.tenancy import current_tenant_id
from app.web.guards import access, conversation_guard
from app.web.guards.access import wants_json

# What an empty list says; the view of all says that there is none at all.
NOTHING_IN = {
    "open": "Nothing is open.",
    "mine": "Nothing open is assigned to you.",
    "unassigned": "Everything that is open is somebody's.",
    "waiting": "Nobody waits for us.",
    "read": "Whatever was read is answered.",
    "snoozed": "Nothing is snoozed.",
    "closed": "Nothing is closed.",
    "failed": "Every message arrived, or somebody has seen to it.",
}
NOTHING_SEEN = dict.fromkeys(View, "Nothing among the conversations that you see.")

# What the live page asks for as part=.
# What is less than the messages of a page.
OF_A_THREAD = "message", "life", "older"
PARTS = {"thread": "inbox/thread/thread.html", "channels": "inbox/composing/channels.html"}


class InboxView(ChatActions, ConversationActions, DraftActions, LaterActions, TextActions):
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
        """The conversations of a view (view: open where none is named; a program's are all, as is
        what is searched for); for the live page with part=list only the list, with part=unread how
        many are unread."""
        if _part("unread"):
            return jsonify(unread=unread_count())
        if not (wants_json() or _part("list")):
            return self._page("inbox/inbox.html", **bulk_context())
        context = list_context(None)
        if wants_json():
            counts = statistics(business_time().day(now()))
            return jsonify(list_json(context, counts))
        part = "results" if "results" in context else "conversation_list"
        return self._page(f"inbox/lists/{part}.html", **context)

    @expose("/search")
    def search(self) -> Response:
        """What is found for q, for scripts and programs; with only=customers those alone, also by a
        mistake in their names."""
        text = request.args.get("q", "")
        if request.args.get("only") == "customers":
            found = search_page.customers(typed(text, business_time().day(now())).names, 10)
            return jsonify(customers=search_page.customers_json(found))
        results = search_page.results(text, mine(), request.args.get("after", ""))
        return jsonify(search_page.results_json(results))

    @expose("/found/<int:message_id>")
    def found(self, message_id: int) -> Response:
        """To a message in its thread, with what was said before and after it."""
        message = find(Message, message_id)
        before = found_messages.page_of(message.customer_id, message.id)
        place: dict[str, Any] = {**kept(request.args), "before": before}
        anchor = f"message-{message.id}"
        there = url_for(".show", customer_id=message.customer_id, _anchor=anchor, **place)
        return redirect(there)

    @expose("/<int:customer_id>")
    def show(self, customer_id: int) -> Response | str:
        """One customer's thread; for the live page with part=thread only the messages, part=older
        those before one, part=message the one with the id message, part=life what has become of
        it."""
        said = asked_for(customer_id)
        in_whole = not any(map(_part, OF_A_THREAD))
        customer, conversation = with_conversation(customer_id, *[said.found] * in_whole)
        if conversation is None and (kept := kept_id(customer_id)):
            return redirect(url_for(".show", customer_id=kept))
        if _part("message"):
            message = thread.one(customer_id, number(request.args.get("message"))) or abort(404)
            beside = beside_message([message])
            return self._page(
                "inbox/thread/message.html", customer=customer, message=message, **beside
            )
        if _part("life"):
            life = life_context(customer, conversation, asked_life(customer))
            return self._page("inbox/thread/life.html", **life)
        if _part("older"):
            return self._page("inbox/thread/thread.html", **older_context(customer))
        if wants_json():
            return jsonify(thread_json(customer, conversation, thread.page_of(said)))
        for part, template in PARTS.items():
            if _part(part):
                asked = asked_thread(customer, said)
                ask(*asked.questions)
                return self._page(template, **thread_context(customer, conversation, asked))
        return self._page("inbox/inbox.html", **_whole(customer, conversation, said))

    @expose("/send", methods=["POST"])
    def send(self) -> Response | tuple[str, int]:
        """Send a message by hand; JSON or a form: customer_id, channel, body, client_token, and
        an email's subject (else it is the business's name), and file_id of each file that was
        uploaded before (JSON: file_ids); or, in the body's place, template_id and variables (a
        form's variable_1, variable_2 …). answers: the id of the customer's message that it answers,
        where its channel shows that. With send_at it goes later (send_time). drafted: the body is
        what the user's draft has. 422 says why not; in JSON with "anew": another client_token makes
        it another message."""
        values, at = posted(), now()
        customer = find(Customer, values.get("customer_id"))
        try:
            made = _send(customer, values, at)
        except NoSuchFile:
            abort(404)
        except Refused as refused:
            return self._refuse(customer, refused, values)
        if isinstance(made, ScheduledMessage):
            said = goes(made, at)
            told = {"scheduled": scheduled_json(made), "said": said}
        else:
            said, told = "", message_json(made)
        if wants_json():
            return make_response(jsonify(told), 201)
        if said:
            flash(said, "success")
        return redirect(url_for(".show", customer_id=customer.id, **came_from()))

    def _refuse(
        self, customer: Customer, refused: Refused, values: dict[str, Any]
    ) -> Response | tuple[str, int]:
        if wants_json():
            anew = {"anew": True} if isinstance(refused, SentAlready) else {}
            return make_response(jsonify(error=str(refused), **anew), 422)
        flash(str(refused), "error")
        with seen_by(conversation_guard.theirs()):
            opened = with_conversation(customer.id)
            context = _whole(*opened, asked_for(customer.id))
        context |= {"draft": values.get("body"), "chosen": values.get("channel")}
        context["subject"] = values.get("subject")
        return self._page("inbox/inbox.html", **context), 422

    @expose("/<int:customer_id>/read", methods=["POST"])
    def read(self, customer_id: int) -> Response:
        """What staff have seen up to a message and a call is no longer unread, nor is what they
        were told about the customer."""
        customer = find(Customer, customer_id)
        seen, user_id = posted(), mine()
        up_to, call = number(seen.get("up_to")), number(seen.get("call") or 0)
        if user_id and notices.read(user_id, now(), customer.id):
            live.publish(current_tenant_id(), live.NOTICES)
        if thread.mark_read(customer.id, up_to, call):
            live.publish(current_tenant_id(), customer.id)
        return Response(status=204)

    @expose("/<int:customer_id>/done/<int:reply_id>", methods=["POST"])
    def done(self, customer_id: int, reply_id: int) -> Response:
        """The answer to a reminder needs nobody any more, unless another came meanwhile."""
        customer = find(Customer, customer_id)
        done = commands.finish_reply(customer.id, number(reply_id), By(mine()), now())
        db.session.commit()
        if done:
            live.publish(current_tenant_id(), customer.id)
        return redirect(url_for(".show", customer_id=customer.id, **came_from()))

    @expose("/<int:customer_id>/dismiss/<int:message_id>", methods=["POST"])
    def dismiss(self, customer_id: int, message_id: int) -> Response:
        """What did not arrive, up to this message of theirs, needs nobody any more."""
        message = find(Message, message_id)
        if message.customer_id != customer_id:
            abort(404)
        if failures.dismiss(message):
            live.publish(current_tenant_id(), customer_id)
        return redirect(url_for(".show", customer_id=customer_id, **came_from()))

    @expose("/new", methods=["GET", "POST"])
    def new(self) -> Response | str | tuple[str, int]:
        """A customer who is not in the list yet: by name and number, then straight to write."""
        if request.method == "GET":
            return self._page("inbox/new_message.html", form={})
        try:
            customer, is_new = add(
                request.form.get("phone", ""), request.form.get("name", ""), business().country
            )
        except BadNumber as error:
            said = request.form.get("phone", "")
            known = search_page.customers(said, 10)
            if not known:
                flash(f"{error}. Give it with its country code, such as +1 212 555 0142.", "error")
            return self._page("inbox/new_message.html", form=request.form, known=known), 422
        if not is_new:
            flash(f"This number is known already: it belongs to {pretty(customer.name)}.", "info")
        return redirect(url_for(".show", customer_id=customer.id))

    def _page(self, template: str, **context: Any) -> str:
        moment, there = now(), business_time()
        # Whoever sees some knows nothing of the others.
        sees_all = conversation_guard.theirs() is None
        page: str = self.render(
            template,
            channels_by_key=CHANNELS,
            brief=lambda instant: there.brief(instant, moment),
            clock=there.time,
            status_words=STATUS,
            waits=lambda reply: waits(reply, there),
            became=lambda reply: became(reply, there),
            wall=wall,
            near=lambda instant: there.near(instant, moment),
            soon=lambda instant: there.soon(instant, moment),
            waited=lambda since: waited(moment - since),
            told=lambda event: told(event, there, moment),
            who=who,
            said_by=said_by,
            did=did,
            nothing_in=NOTHING_IN if sees_all else NOTHING_SEEN,
            nobody_yet=nobody_yet if sees_all else lambda: False,
            now=moment,
            pieces=mentions.pieces,
            place=place,
            rang=rang,
            tapback=tapback,
            invited=lambda message: invited(message, there, moment),
            frame_height=frame_height,
            somebody_there=somebody_there,
            **context,
        )
        return page


def _whole(
    customer: Customer, conversation: Conversation | None, messages: thread.Asked
) -> dict[str, Any]:
    """A thread, and what a page shows beside it."""
    asked, about = asked_thread(customer, messages), asked_life(customer)
    draft = composing_page.asked(customer, mine())
    listed = list_context(customer.id, *asked.questions, *about, *draft)
    said = thread_context(customer, conversation, asked)
    life = life_context(customer, conversation, about)
    return listed | said | life | composing_context(customer, mine(), said["composer"], draft)


def _send(customer: Customer, values: dict[str, Any], at: datetime) -> Message | ScheduledMessage:
    """The message that was posted, for now or for later. Raises Refused and NoSuchFile."""
    template = picked(values)
    what = Written(
        channel=str(values.get("channel") or ""),
        body=str(values.get("body") or ""),
        subject=str(values.get("subject") or ""),
        uploads=_uploads(),
        template=template,
        draft=None if template else _draft(values),
    )
    if send_at := send_time(values, at):
        return schedule(customer, what, send_at, at, mine(), token(values))
    return compose(
        customer,
        what.channel,
        what.body,
        at,
        author_id=mine(),
        client_token=token(values),
        uploads=what.uploads,
        template=template,
        subject=what.subject,
        draft=what.draft,
        answers=id_of(str(values.get("answers") or "")),
    )


def _draft(values: dict[str, Any]) -> InDraft:
    return InDraft(mine(), ids_of(values, "file_id"), is_kept=bool(values.get("drafted")))


def _part(name: str) -> bool:
    return request.args.get("part") == name


def _uploads() -> list[Upload]:
    """The files that came with the form."""
    files = (file for file in request.files.getlist("files") if file.filename)
    return [Upload(clean(file.filename or "")[:100], file.read()) for file in files]
