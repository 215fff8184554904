"""What staff do with many conversations at once, from the list."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flask import abort, flash, jsonify, make_response, redirect, request, url_for
from flask_admin import BaseView, expose
from werkzeug.wrappers import Response

from admin_views.inbox.conversation_actions import Refused, until
from admin_views.inbox.inbox_address import kept
from admin_views.inbox.inbox_page import INTEGER, mine
from admin_views.inbox.lists.hindrances import Why, not_closed, unmoved
from admin_views.lookup import find
from admin_views.numbers import pretty
from admin_views.posted import id_of
from app import live
from app.audit.audit_record import record
from app.extensions import db
from app.inbox import conversation_commands as commands
from app.inbox import labelling
from app.inbox.conversation_commands import Seen
from app.inbox.conversation_log import By
from app.inbox.lists import bulk
from app.lib.time.clock import now
from app.models import AuditAction, Conversation, Label, User
from app.tenancy import current_tenant_id
from app.web.guards import access
from app.web.guards.access import wants_json

NOTHING = "Choose conversations in the list first: tick the boxes beside them."
NAMED = 5


@dataclass(frozen=True)
class Deed:
    """What is done with each, what came of those that it changed, and why others are unchanged."""

    do: Callable[[int, Seen], bool]
    words: str
    why: Why = unmoved


class BulkView(BaseView):  # type: ignore[misc]
    roles = access.STAFF
    in_tenant = True

    def __init__(self) -> None:
        super().__init__(name="Many at once", endpoint="bulk", url="/messages/bulk")

    def is_accessible(self) -> bool:
        return access.may("bulk")

    def is_visible(self) -> bool:
        """Not in the menu: it is done in the list."""
        return False

    @expose("", methods=["POST"])
    @expose("/", methods=["POST"])
    def act(self) -> Response:
        """With each `talk` (the customer's id, and the last message and call that were seen, with
        colons between): do=close, finish, open, snooze:until (nothing after it: the field day),
        assign:user (nothing: nobody), label:id or unlabel:id. One transaction; 422 says why not."""
        chosen = dict(filter(None, map(_talk, request.form.getlist("talk"))))
        try:
            deed = _deed(now())
            if not chosen:
                raise Refused(NOTHING)
            done = bulk.each(chosen, deed.do)
        except labelling.NoSuchLabel:
            abort(404)
        except (commands.NotAssignable, commands.TooLate, Refused) as no:
            db.session.rollback()
            return _answer(str(no), refused=True)
        said = _said(done, deed, chosen)
        changed = [talk.customer_id for talk in done.changed]
        if changed:
            facts = {"done": f"{deed.words}: {_many(len(changed))} at once", "ids": changed}
            record(AuditAction.MANY, facts=facts)
        db.session.commit()
        for customer_id in changed:
            live.publish(current_tenant_id(), customer_id)
        if changed:
            # Somebody may have been told of it.
            live.publish(current_tenant_id(), live.NOTICES)
        return _answer(said)


def _talk(said: str) -> tuple[int, Seen] | None:
    """None for what names no conversation."""
    customer, message, call = [*said.split(":"), "", ""][:3]
    customer_id = id_of(customer)
    if customer_id is None or customer_id >= INTEGER:
        return None
    up_to = int(message) if message.isascii() and message.isdigit() and len(message) < 19 else 0
    return customer_id, Seen(up_to, id_of(call) or 0)


def _deed(at: datetime) -> Deed:
    """What is asked for. Raises Refused, or 404 for a row that is not the business's."""
    by = By(mine())
    match request.form.get("do", "").partition(":")[::2]:
        case "close", _:
            return Deed(lambda who, seen: commands.close(who, by, at, seen), "closed", not_closed)
        case "finish", _:
            return Deed(lambda who, seen: commands.finish(who, by, at, seen), "marked done")
        case "open", _:
            return Deed(lambda who, _seen: commands.open_(who, by, at), "opened")
        case "snooze", given:
            time = until(at, given, request.form.get("day", ""))
            return Deed(lambda who, seen: commands.snooze(who, time, by, at, seen), "snoozed")
        case "assign", "":
            return Deed(lambda who, _seen: commands.assign(who, None, by, at), "assigned to nobody")
        case "assign", id_:
            user = find(User, id_)
            to, user_id = f"assigned to {user}", user.id
            return Deed(lambda who, _seen: commands.assign(who, user_id, by, at), to)
        case ("label" | "unlabel") as way, id_:
            label, add = find(Label, id_), way == "label"
            do, label_id = labelling.add_label if add else labelling.remove_label, label.id
            words = f"labelled {label.name}" if add else f"no longer labelled {label.name}"
            return Deed(lambda who, _seen: do(who, label_id, by, at), words)
    raise Refused("Choose what is to be done: assign, label, snooze, done or close.")


def _said(done: bulk.Done, deed: Deed, chosen: dict[int, Seen]) -> str:
    """How many, and of the others who they are and why; empty for whoever was so already."""
    parts = [f"{_many(len(done.changed))} {deed.words}."] if done.changed else []
    hindered: dict[str, list[str]] = {}
    for talk in done.unchanged:
        why = deed.why(talk, chosen[talk.customer_id])
        hindered.setdefault(why, []).append(_name(talk))
    already = len(hindered.pop("", []))
    if already:
        parts.append(f"{_many(already)} {'was' if already == 1 else 'were'} so already.")
    parts += [f"Not {_names(names)}: {why[:1].lower()}{why[1:]}" for why, names in hindered.items()]
    if gone := len(chosen) - len(done.changed) - len(done.unchanged):
        parts.append(f"{_many(gone)} {'was' if gone == 1 else 'were'} not found.")
    return " ".join(parts)


def _many(number: int) -> str:
    return f"{number} conversation{'' if number == 1 else 's'}"


def _name(talk: Conversation) -> str:
    return pretty(talk.customer.name)


def _names(names: list[str]) -> str:
    more = f" and {len(names) - NAMED} more" if len(names) > NAMED else ""
    return ", ".join(names[:NAMED]) + more


def _answer(said: str, refused: bool = False) -> Response:
    if wants_json():
        told = {"error": said} if refused else {"said": said}
        return make_response(jsonify(told), 422 if refused else 200)
    flash(said, "error" if refused else "success")
    where: dict[str, Any] = kept(request.args)
    return redirect(url_for("inbox.index", **where))
