"""The pages on which an admin writes a broadcast, sees whom it reaches, starts it, and reads what
came of it."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

from flask import flash, redirect, request
from flask_admin import BaseView, expose
from flask_security import current_user
from sqlalchemy import select
from werkzeug.wrappers import Response

from admin_views.broadcasts.broadcast_words import STATE, TAG, WAITS, WHY
from admin_views.frame import business
from admin_views.labels import CHANNEL
from admin_views.lookup import find
from admin_views.posted import id_of, posted
from admin_views.times import shown
from app.broadcasts import broadcast_commands as commands
from app.broadcasts import broadcast_drafts as drafts
from app.broadcasts import outcome, rehearsal
from app.customers.contact import BadAddress
from app.customers.marketing import OFFERED_BY
from app.extensions import db
from app.lib.telephone.phone import BadNumber
from app.lib.text.cleaning import as_sentence
from app.lib.time.clock import NoSuchTime, now, read
from app.models import Broadcast, BroadcastStatus, CustomerSegment, WhatsappTemplate
from app.notifications.content.liquid import BadTemplate
from app.outbox.refused import Refused
from app.web.guards import access

MOST = 50
NOT_HERE = "Only somebody of the business sends it to themselves."


class BroadcastsView(BaseView):  # type: ignore[misc]
    roles = access.ADMINS
    in_tenant = True

    def __init__(self) -> None:
        super().__init__(
            name="Broadcasts",
            endpoint="broadcasts",
            url="/admin/broadcasts",
            menu_icon_type="fa",
            menu_icon_value="fa-bullhorn",
        )

    def is_accessible(self) -> bool:
        return access.may("broadcasts")

    @expose("/")
    def index(self) -> str:
        return self._list({})

    @expose("/", methods=["POST"])
    def make(self) -> Response | tuple[str, int]:
        """A new draft: its name, the segment that it is for, and by what it goes."""
        try:
            row = drafts.begin(posted() | {"rest_days": "7"})
        except drafts.BadDraft as bad:
            flash(str(bad), "error")
            return self._list(posted()), 422
        return redirect(self.get_url(".show", broadcast_id=row.id))

    @expose("/<int:broadcast_id>")
    def show(self, broadcast_id: int) -> str:
        """A draft with whom it would reach, or what came of one that was started."""
        row = find(Broadcast, broadcast_id)
        return self._draft(row) if row.status == BroadcastStatus.DRAFT else self._report(row)

    @expose("/<int:broadcast_id>", methods=["POST"])
    def save(self, broadcast_id: int) -> Response:
        """What the form of a draft says from now on."""
        row = find(Broadcast, broadcast_id)
        return self._done(row, lambda: drafts.save(row, posted()), "Saved.")

    @expose("/<int:broadcast_id>/test", methods=["POST"])
    def test(self, broadcast_id: int) -> Response:
        """Send it to a number or address of one's own (address)."""
        row, user_id, to = find(Broadcast, broadcast_id), _me(), str(posted().get("address") or "")
        if user_id is None:
            flash(NOT_HERE, "error")
            return redirect(self.get_url(".show", broadcast_id=row.id))
        send = lambda: rehearsal.send_to_oneself(row, to, user_id, now())  # noqa: E731
        return self._done(row, send, "It is on its way to you.")

    @expose("/<int:broadcast_id>/start", methods=["POST"])
    def start(self, broadcast_id: int) -> Response:
        """Let the version that was seen (seen) go out, now or at a local time (at)."""
        row, values = find(Broadcast, broadcast_id), posted()
        seen = id_of(values.get("seen")) or 0
        begin = lambda: commands.start(row, seen, _time(values), _me(), now())  # noqa: E731
        return self._done(row, begin, "Started. It goes out by itself; you can pause or stop it.")

    @expose("/<int:broadcast_id>/pause", methods=["POST"])
    def pause(self, broadcast_id: int) -> Response:
        row = find(Broadcast, broadcast_id)
        return self._done(row, lambda: commands.pause(row), "Paused. Nothing more of it leaves.")

    @expose("/<int:broadcast_id>/go-on", methods=["POST"])
    def go_on(self, broadcast_id: int) -> Response:
        row = find(Broadcast, broadcast_id)
        return self._done(row, lambda: commands.go_on(row), "It goes on.")

    @expose("/<int:broadcast_id>/stop", methods=["POST"])
    def stop(self, broadcast_id: int) -> Response:
        row = find(Broadcast, broadcast_id)
        return self._done(row, lambda: commands.stop(row, now()), "Stopped for good.")

    def _done(self, row: Broadcast, do: Callable[[], object], told: str) -> Response:
        id_ = row.id
        try:
            do()
        except (drafts.BadDraft, Refused, BadTemplate) as refused:
            db.session.rollback()
            flash(str(refused), "error")
        except (BadNumber, BadAddress, NoSuchTime) as refused:
            db.session.rollback()
            flash(as_sentence(refused), "error")
        else:
            flash(told, "success")
        return redirect(self.get_url(".show", broadcast_id=id_))

    def _list(self, given: dict[str, Any]) -> str:
        rows = select(Broadcast).order_by(Broadcast.id.desc()).limit(MOST)
        found = [(row, outcome.outcome(row)) for row in db.session.scalars(rows).all()]
        page: str = self.render("broadcasts/broadcasts.html", rows=found, given=given, **_words())
        return page

    def _draft(self, row: Broadcast) -> str:
        found = rehearsal.rehearse(row.id, now())
        row = find(Broadcast, row.id)
        template = row.approved_id and db.session.get(WhatsappTemplate, row.approved_id)
        page: str = self.render(
            "broadcasts/draft.html",
            row=row,
            rehearsal=found,
            wrong=commands.obstacles(row, business()),
            approved=template,
            templates=db.session.scalars(_templates()).all(),
            own_address=current_user.email if row.channel == "email" else "",
            **_words(),
        )
        return page

    def _report(self, row: Broadcast) -> str:
        segment = row.segment_id and db.session.get(CustomerSegment, row.segment_id)
        page: str = self.render(
            "broadcasts/came_of_it.html",
            row=row,
            segment=segment,
            outcome=outcome.outcome(row),
            left_out=outcome.left_out(row),
            who=outcome.who_was_left_out(row),
            answers=outcome.answers(row),
            moment=now(),
            **_words(),
        )
        return page


def _me() -> int | None:
    """A platform admin is no user of the tenant, and no row of it names them."""
    return current_user.id if current_user.tenant_id else None


def _templates() -> Any:
    return select(WhatsappTemplate).where(WhatsappTemplate.channel == "whatsapp").order_by("name")


def _words() -> dict[str, Any]:
    segments = select(CustomerSegment).order_by(CustomerSegment.name)
    return {
        "segments": db.session.scalars(segments).all(),
        "offered_by": {key: CHANNEL[key] for key in OFFERED_BY},
        "state": STATE,
        "tag": TAG,
        "waits": WAITS,
        "why": WHY,
        "shown": shown,
        "now": now(),
        "here": request.path,
    }


def _time(values: dict[str, Any]) -> datetime | None:
    """None: now."""
    given = str(values.get("at") or "").strip()
    return read(given, business().timezone) if given else None
