"""Messages that go later: scheduled in the composer, listed, changed and called off."""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from flask import abort, flash, jsonify, make_response, redirect, url_for
from flask_admin import BaseView, expose
from werkzeug.wrappers import Response

from admin_views.frame import business
from admin_views.inbox.inbox_page import mine
from admin_views.posted import posted
from admin_views.times import business_time, zone
from app.channels import CHANNELS
from app.extensions import db
from app.inbox.snooze_times import offered
from app.lib.text.cleaning import as_sentence
from app.lib.time.clock import NoSuchTime, now, read
from app.models import ScheduledMessage
from app.outbox import send_later
from app.outbox.compose import draft_files
from app.outbox.compose.drafts import Begun
from app.outbox.queue import session_window, stop_asked
from app.outbox.refused import Refused
from app.web.error_pages import answer
from app.web.guards.access import wants_json

# In the place of a time: the one in the field beside the button.
CHOSEN = "chosen"


def send_time(values: Mapping[str, Any], at: datetime, field: str = "send_on") -> datetime | None:
    """When what is posted is to go: send_at is later, tomorrow, week, or a time (ISO 8601; without
    an offset it is the business's wall time), or says that it stands in the field. None: now.

    Raises Refused for what is no time.
    """
    given, zone = str(values.get("send_at") or ""), business().timezone
    if given == CHOSEN:
        given = str(values.get(field) or "") or "no time"
    if not given:
        return None
    named = {each.key: each.until for each in offered(at, zone)}
    try:
        return named.get(given) or read(given, zone)
    except NoSuchTime as error:
        raise Refused(f"{as_sentence(error)} Choose a day and a time.") from None


def scheduled_json(row: ScheduledMessage) -> dict[str, Any]:
    return {
        "id": row.id,
        "customer_id": row.customer_id,
        "channel": row.channel,
        "subject": row.subject or None,
        "body": row.body,
        "send_at": row.send_at.astimezone(UTC).isoformat(),
    }


def goes(row: ScheduledMessage, at: datetime) -> str:
    """That it does, and when, in a sentence; and where it cannot go then as it stands."""
    goes_out = f"Goes out {business_time().soon(row.send_at, at)}, unless they opt out before."
    channel = CHANNELS[row.channel]
    if row.content_sid or session_window.is_open(row.customer, channel, row.send_at, by_hand=True):
        return goes_out
    over = f"{channel.label}'s 24 hours are over by then, unless they write by it again"
    others = " or ".join(CHANNELS[key].label for key in channel.stand_ins)
    falls_back = business().whatsapp_falls_back
    return f"{goes_out} {over}: else it {f'goes by {others}' if falls_back else 'cannot go'}."


class LaterActions(BaseView):  # type: ignore[misc]
    @expose("/scheduled")
    def scheduled(self) -> Response | str:
        """What goes later, to whomever, the soonest first."""
        rows = send_later.waiting()
        if wants_json():
            return jsonify(scheduled=[scheduled_json(row) for row in rows])
        moment, there = now(), business_time()
        page: str = self.render(
            "inbox/composing/scheduled.html",
            scheduled=rows,
            undecided=stop_asked.among({row.customer_id for row in rows}),
            most=send_later.MOST,
            soon=lambda instant: there.soon(instant, moment),
            wall=wall,
            channels_by_key=CHANNELS,
        )
        return page

    @expose(
        "/<int:customer_id>/scheduled/<int:scheduled_message_id>"
        "/<any(now, time, edit, cancel):what>",
        methods=["POST"],
    )
    def reschedule(self, customer_id: int, scheduled_message_id: int, what: str) -> Response:
        """Let it go now, at another time (send_at as for /send), or not at all; to edit it, what it
        said is in the draft again, and for a program in the answer. 422 says why it cannot be; 404
        that it has left, or never was."""
        row = _waiting(customer_id, scheduled_message_id)
        try:
            begun = _change(row, what)
        except Refused as refused:
            if wants_json():
                return make_response(jsonify(error=str(refused)), 422)
            flash(str(refused), "error")
            return redirect(url_for(".show", customer_id=customer_id))
        if wants_json():
            return make_response(jsonify(draft=begun and draft_json(customer_id, begun)))
        return redirect(url_for(".show", customer_id=customer_id))


def _waiting(customer_id: int, id_: int) -> ScheduledMessage:
    """404, with words for whoever was a moment too late."""
    row = db.session.get(ScheduledMessage, id_)
    if row is None or row.customer_id != customer_id:
        abort(answer(404, send_later.GONE))
    return row


def _change(row: ScheduledMessage, what: str) -> Begun | None:
    at = now()
    if what == "now":
        send_later.send_now(row, at)
    elif what == "time":
        send_at = send_time({"send_at": CHOSEN, **posted()}, at, f"send_on_{row.id}")
        send_later.change_time(row, send_at or at, at)
    else:
        begun = send_later.call_off(row, mine(), at, edit=what == "edit")
        return begun if what == "edit" else None
    return None


def draft_json(customer_id: int, begun: Begun) -> dict[str, Any]:
    """What stands in the composer, for its script."""
    files = draft_files.in_draft(mine(), customer_id)
    return vars(begun) | {"files": [draft_files.shown(file) for file in files]}


def wall(instant: datetime) -> str:
    """For a field of a form: the business's wall time."""
    return f"{instant.astimezone(zone()):%Y-%m-%dT%H:%M}"
