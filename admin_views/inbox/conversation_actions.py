"""What staff do with a conversation: close, snooze, assign, label it, and write a note in it."""

from collections.abc import Callable
from datetime import date, datetime
from functools import partial
from typing import Any

from flask import abort, flash, jsonify, make_response, redirect, request, url_for
from flask_admin import BaseView, expose
from werkzeug.wrappers import Response

from admin_views.frame import business
from admin_views.inbox.inbox_address import kept
from admin_views.inbox.inbox_json import conversation_json
from admin_views.inbox.inbox_page import INTEGER, mine, number, with_conversation
from admin_views.inbox.lists.hindrances import Why, not_closed, unmoved
from admin_views.lookup import find
from admin_views.posted import posted, token
from app import live
from app.extensions import db
from app.inbox import conversation_commands as commands
from app.inbox import labelling, notes
from app.inbox.conversation_log import By
from app.inbox.snooze_times import morning, offered
from app.inbox.team import promises
from app.lib.time.clock import NoSuchTime, now, read
from app.models import Customer, Label, Promise, User
from app.tenancy import current_tenant_id
from app.web.guards.access import wants_json

BAD_TIME = "Choose until when: a day, or a time such as 2026-11-30T14:30."


class Refused(ValueError):
    """It cannot be done; says why in a person's words."""


class ConversationActions(BaseView):  # type: ignore[misc]
    """Each takes a form, JSON or values in its address, and leads back to the thread, or answers
    with the conversation as it is then; 422 says why something cannot be done."""

    @expose("/<int:customer_id>/close", methods=["POST"])
    def close(self, customer_id: int) -> Response:
        """Done, unless something came after what is named as seen (up_to, call)."""
        return _act(
            customer_id, lambda at: commands.close(customer_id, _by(), at, _seen()), not_closed
        )

    @expose("/<int:customer_id>/finish", methods=["POST"])
    def finish(self, customer_id: int) -> Response:
        """What they wrote needs no answer; seen as for close."""
        return _act(
            customer_id, lambda at: commands.finish(customer_id, _by(), at, _seen()), unmoved
        )

    @expose("/<int:customer_id>/open", methods=["POST"])
    def open_(self, customer_id: int) -> Response:
        """Back into the inbox."""
        return _act(customer_id, partial(commands.open_, customer_id, _by()), unmoved)

    @expose("/<int:customer_id>/snooze", methods=["POST"])
    def snooze(self, customer_id: int) -> Response:
        """Until later, tomorrow or next week (until=later|tomorrow|week), the morning of a day
        (day), or a time (until: ISO 8601); seen as for close."""
        return _act(
            customer_id,
            lambda at: commands.snooze(customer_id, _until(at), _by(), at, _seen()),
            unmoved,
        )

    @expose("/<int:customer_id>/promise", methods=["POST"])
    def promise(self, customer_id: int) -> Response:
        """To call back, or to do what is named (what), until a time, as for snooze."""
        what = str(_said().get("what") or "")
        return _act(
            customer_id, lambda at: promises.promise(customer_id, _until(at), mine(), at, what)
        )

    @expose("/<int:customer_id>/promises/<int:promise_id>/done", methods=["POST"])
    def promise_done(self, customer_id: int, promise_id: int) -> Response:
        """It is done; once more changes nothing."""
        row: Promise = find(Promise, promise_id)
        if row.customer_id != customer_id:
            abort(404)
        return _act(customer_id, partial(promises.done, row))

    @expose("/<int:customer_id>/assign", methods=["POST"])
    def assign(self, customer_id: int) -> Response:
        """To the user with the id assignee; empty: to nobody."""
        given = _said().get("assignee")
        user_id = find(User, given).id if given else None
        return _act(customer_id, partial(commands.assign, customer_id, user_id, _by()), unmoved)

    @expose("/<int:customer_id>/labels/<int:label_id>/<any(add, remove):change>", methods=["POST"])
    def label(self, customer_id: int, label_id: int, change: str) -> Response:
        """Put the label on, or take it off."""
        find(Label, label_id)
        do = labelling.add_label if change == "add" else labelling.remove_label
        try:
            return _act(customer_id, partial(do, customer_id, label_id, _by()))
        except labelling.NoSuchLabel:
            abort(404)

    @expose("/<int:customer_id>/notes", methods=["POST"])
    def note(self, customer_id: int) -> Response:
        """Keep body as a note of the team's; the same client_token makes one note."""
        said = posted()
        body, once = str(said.get("body") or ""), token(said)
        return _act(customer_id, lambda at: notes.add_note(customer_id, body, _by(), at, once))


def _act(customer_id: int, do: Callable[[datetime], bool], why: Why | None = None) -> Response:
    """Do it, commit it and tell the open pages; why: says why nothing changed."""
    find(Customer, customer_id)
    try:
        changed = do(now())
    except (
        commands.NotAssignable,
        commands.TooLate,
        notes.BadNote,
        promises.BadPromise,
        Refused,
    ) as refused:
        db.session.rollback()
        return _answer(customer_id, str(refused))
    db.session.commit()
    if changed:
        live.publish(current_tenant_id(), customer_id)
        # Somebody may have been told of it.
        live.publish(current_tenant_id(), live.NOTICES)
    refused_as = why(with_conversation(customer_id)[1], _seen()) if why and not changed else ""
    return _answer(customer_id, refused_as)


def _answer(customer_id: int, refused: str) -> Response:
    if wants_json() and refused:
        return make_response(jsonify(error=refused), 422)
    if wants_json():
        return make_response(jsonify(conversation_json(*with_conversation(customer_id))))
    if refused:
        flash(refused, "error")
    where: dict[str, Any] = kept(request.args)
    return redirect(url_for(".show", customer_id=customer_id, **where))


def _by() -> By:
    return By(mine())


def _said() -> dict[str, Any]:
    """What is posted, and what the button's address says; that counts first."""
    return posted() | request.args.to_dict()


def _seen() -> commands.Seen | None:
    named = _said()
    if "up_to" not in named:
        return None
    # No call has a larger id.
    return commands.Seen(number(named["up_to"]), min(number(named.get("call") or 0), INTEGER - 1))


def _until(at: datetime) -> datetime:
    said = _said()
    return until(at, str(said.get("until") or ""), str(said.get("day") or ""))


def until(at: datetime, given: str, day: str) -> datetime:
    """One of those offered, a time, or the morning of a day. Raises Refused for what is no time."""
    zone = business().timezone
    named = {each.key: each.until for each in offered(at, zone)}
    if given in named:
        return named[given]
    try:
        return read(given, zone) if given else morning(date.fromisoformat(day), zone)
    except (NoSuchTime, ValueError) as error:
        raise Refused(BAD_TIME) from error
