"""What the inbox shows, as its address asks for it: the list, and one customer's thread."""

import uuid
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any, NamedTuple

from flask import abort, request
from flask_security import current_user

from admin_views import limits
from admin_views.frame import asked_bell, business
from admin_views.inbox import composer
from admin_views.inbox.answers import spoken, waiting
from admin_views.inbox.composer import channels
from admin_views.inbox.inbox_address import filtered, kept, place, wanted
from admin_views.inbox.lists import search_page
from admin_views.inbox.lists.folders import counted, tabs
from admin_views.inbox.picker import Offer, offers
from admin_views.times import business_time
from app.channels.channel import Channel
from app.inbound.emails.answers_arrive import answers_go
from app.inbox import conversation_commands as commands
from app.inbox import conversations, failures, labelling, thread
from app.inbox.conversation_rows import ConversationRow
from app.inbox.reading import first_unread, message_marks, quoted_messages
from app.inbox.reading.message_marks import Marks
from app.inbox.reading.message_rows import MessageRow
from app.inbox.reading.opened_thread import opened
from app.inbox.snooze_times import offered
from app.inbox.team import mentions, promises
from app.inbox.team.staff_rights import sees
from app.lib.time.clock import lasted, now
from app.models import Conversation, Customer, Message
from app.notifications.forecast.automatic import Automatic, automatic
from app.outbox import send_later
from app.outbox.queue.paused_senders import asked_pauses
from app.prepared import Question, ask
from app.web.guards.access import wants_json
from app.webchat.hand_over import left
from app.webchat.seen_by_staff import visit

INTEGER, BIGINT = 2**31, 2**63


def number(value: Any) -> int:
    """An id as it was sent; 404 for anything that cannot be one."""
    try:
        given = int(str(value))
    except ValueError:
        abort(404)
    return given if 0 <= given < BIGINT else abort(404)


def mine() -> int | None:
    """Who is signed in; a platform admin is no user of the tenant, and no row of it names them."""
    return current_user.id if current_user.tenant_id else None


def list_context(selected: int | None, *also: Question[Any]) -> dict[str, Any]:
    """A page of the conversations, narrowed as the address says; one of them may be open. What is
    searched for, and in no view, is looked for everywhere: in their place is what was found.
    also: what the page asks beside, by the same statement."""
    moment = now()
    asked = wanted(request.args, mine(), wants_json())
    if asked.text.strip() and not (request.args.get("view") or wants_json()):
        found = search_page.context(request.args, mine())
        return {"wanted": asked, "selected": selected, "list_key": _list_key(moment), **found}
    listed = conversations.asked_page(asked, place(request.args), now=moment)
    paused, used, in_tabs = asked_pauses(), limits.asked(), counted(asked)
    ask(paused, used, in_tabs, asked_bell(), *also, alone=[listed])
    shown = listed.answer
    return {
        "conversations": shown.rows,
        "talks": _talks(shown.rows, selected, moment),
        "older": shown.older,
        "newer": shown.newer,
        "wanted": asked,
        "kept": kept(request.args),
        "without_place": filtered(request.args),
        "selected": selected,
        "list_key": _list_key(moment),
        "me": mine(),
        "labels": {row.customer_id: row.labels for row in shown.rows},
        "failed": {row.customer_id: row.lost for row in shown.rows if row.lost},
        "pauses": paused.answer,
        **limits.of_ours(used),
        **tabs(asked, filtered(request.args), in_tabs),
    }


def _list_key(moment: datetime) -> tuple[object, ...]:
    """What all that belongs to the list looks different by: the day, who looks, and its place."""
    return business_time().day(moment), mine(), tuple(kept(request.args).items())


def _talks(
    rows: list[ConversationRow], selected: int | None, moment: datetime
) -> dict[int, tuple[object, ...]]:
    """By customer, what a row of the list shows."""
    return {
        row.customer_id: (
            row,
            row.state(moment),
            waited(moment - row.waiting_since) if row.waiting_since else "",
            row.customer_id == selected,
        )
        for row in rows
    }


def waited(time: timedelta) -> str:
    """How long, once it is worth a word."""
    return lasted(time) if time >= timedelta(minutes=1) else ""


def with_conversation(
    customer_id: int, *also: Question[Any]
) -> tuple[Customer, Conversation | None]:
    """The customer and the conversation; 404 for anything else. also: what is asked in the same
    packet, each by its own statement."""
    if customer_id >= INTEGER:
        abort(404)
    found = opened(customer_id)
    ask(alone=[found, *also])
    return found.answer or abort(404)


def bulk_context() -> dict[str, Any]:
    """The list, and what can be done with many of it; life_context has the same for one, under the
    same names."""
    labels, people = labelling.asked_choices(), commands.asked_assignable()
    return list_context(None, labels, people) | _choices(labels.answer, people.answer, now())


def _choices(
    labels: list[labelling.Choice], people: list[commands.Colleague], moment: datetime
) -> dict[str, Any]:
    """What can be chosen, of one conversation or of many."""
    snoozes = offered(moment, business().timezone)
    key = (tuple(labels), tuple(people), tuple(snoozes))
    return {"label_choices": labels, "people": people, "snoozes": snoozes, "bulk_key": key}


class AskedLife(NamedTuple):
    labels: Question[list[labelling.Choice]]
    people: Question[list[commands.Colleague]]


def asked_life(customer: Customer) -> AskedLife:
    """What life_context tells."""
    return AskedLife(labelling.asked_choices(customer.id), commands.asked_assignable())


def life_context(
    customer: Customer, conversation: Conversation | None, asked: AskedLife
) -> dict[str, Any]:
    """What has become of the conversation, and what can be done with it."""
    moment, people = now(), asked.people.answer
    assignee_id = conversation.assignee_id if conversation else None
    choices = _choices(asked.labels.answer, people, moment)
    state = conversation.state(moment) if conversation else None
    return {
        "customer": customer,
        "conversation": conversation,
        "state": state,
        **choices,
        "life_key": (customer.id, state, choices["bulk_key"], *_life(conversation, moment)),
        "handles": mentions.handles([each for each in people if sees(each, assignee_id)]),
        "kept": kept(request.args),
        "me": mine(),
        "moment": moment,
    }


def _life(conversation: Conversation | None, moment: datetime) -> tuple[object, ...]:
    """What else the life of a conversation looks different by."""
    key = _list_key(moment)
    if conversation is None:
        return key
    since = conversation.waits_since
    return (
        *key,
        conversation.assignee_id,
        str(conversation.assignee or ""),
        conversation.snoozed_until,
        waited(moment - since) if since else None,
        conversation.last_message_id,
        conversation.last_call_id,
    )


def _named(name: str) -> int | None:
    """The id of a message that the address names."""
    given = request.args.get(name)
    return number(given) if given else None


def asked_for(customer_id: int) -> thread.Asked:
    """The page of a thread that the address names: before a message, or since one."""
    return thread.Asked.of(customer_id, _named("before"), _named("since"))


def older_context(customer: Customer) -> dict[str, Any]:
    """An earlier page of the thread, without what stands below it."""
    page = thread.page(customer.id, _named("before"))
    did = spoken(customer, page.messages)
    said = {"older": True, "first_new": "", **_beside(customer, page, did)}
    return {"customer": customer, "thread": page, "kept": kept(request.args)} | said


def beside_message(messages: list[MessageRow]) -> dict[str, Any]:
    """What each shows of others: which one it answers, why it went by itself, and what became of it
    afterwards."""
    return {
        "quoted": quoted_messages.quoted(messages),
        "automatic": automatic(messages),
        "marks": message_marks.marks(messages),
    }


def _beside(
    customer: Customer, page: thread.Thread, did: Question[dict[int, str]]
) -> dict[str, Any]:
    """What stands at the messages of a page: what each did, and which one it answers."""
    beside = beside_message(page.messages)
    return {
        "lines": _by_day(page.lines),
        "said": _said(page.messages, **beside),
        "message_key": _message_key(customer),
        "spoken": did.answer,
        **beside,
        "named": mentions.names(page.notes),
    }


def _by_day(lines: list[thread.Line]) -> list[tuple[str, thread.Line]]:
    """Each with the heading of its day, where that is not the day of the one before."""
    there = business_time()
    days = [there.day(line.at) for line in lines]
    before, today = [None, *days], there.day(now())
    return [
        ("" if day == last else there.heading(day, today), line)
        for day, last, line in zip(days, before, lines, strict=False)
    ]


def _said(
    messages: list[MessageRow],
    quoted: dict[int, Message],
    automatic: dict[int, Automatic],
    marks: dict[int, Marks],
) -> dict[int, tuple[object, ...]]:
    """By its id, what a message shows: itself, why it went by itself, what it answers, and what
    became of it."""
    answers = {id_: (other.id, other.body) for id_, other in quoted.items()}
    return {
        each.id: (each, automatic.get(each.id), answers.get(each.id), marks.get(each.id))
        for each in messages
    }


def _message_key(customer: Customer) -> tuple[object, ...]:
    """What else a message looks different by: its customer's name and addresses, and the day."""
    known = [(at.channel, at.address, at.invalid_since) for at in customer.contact_points]
    return customer.name, tuple(known), business_time().day(now())


class AskedThread(NamedTuple):
    begun: thread.Begun
    did: Question[dict[int, str]]
    is_anything_later: Question[bool]
    not_arrived: Question[failures.Lost | None]
    offers: Question[list[Offer]]
    said: composer.Said
    promises: Question[Sequence[promises.OpenPromise]]

    @property
    def questions(self) -> tuple[Question[Any], ...]:
        own = (self.did, self.is_anything_later, self.not_arrived, self.offers, self.promises)
        return (*self.begun.between, *own, *self.said)


def asked_thread(customer: Customer, asked: thread.Asked) -> AskedThread:
    """What thread_context tells."""
    begun = thread.begin(asked)
    return AskedThread(
        begun,
        spoken(customer, begun.messages),
        send_later.is_anything_waiting(customer.id),
        failures.asked_last(customer.id),
        offers(customer),
        composer.asked(customer),
        promises.asked_open(customer.id),
    )


def _goes_by(channel: Channel) -> bool:
    return request.args.get("by") == channel.key


def thread_context(
    customer: Customer, conversation: Conversation | None, asked: AskedThread
) -> dict[str, Any]:
    """A page of the messages with the customer, and by what they can be written to now."""
    page, offered_templates, moment = asked.begun.page(), asked.offers.answer, now()
    by = channels(customer, conversation, business(), moment, bool(offered_templates), asked.said)
    later = send_later.waiting(customer.id) if asked.is_anything_later.answer else []
    return {
        "customer": customer,
        "conversation": conversation,
        "thread": page,
        "first_new": request.args.get("new") or first_unread.key(page, conversation),
        **_beside(customer, page, asked.did),
        "scheduled": later,
        "not_arrived": asked.not_arrived.answer,
        "promises": asked.promises.answer,
        "composer": by,
        "answering": quoted_messages.answerable(customer.id, _named("answers")),
        # As the page of which this is a part has it.
        "chosen": next((c.channel.key for c in by if not c.refusal and _goes_by(c.channel)), None),
        "visit": visit(customer, moment),
        "left_in_chat": left,
        "answers_go": answers_go(business()),
        "offers": offered_templates,
        **waiting(conversation, moment),
        "moment": moment,
        "kept": kept(request.args),
        "client_token": uuid.uuid4().hex,
        "note_token": uuid.uuid4().hex,
    }
