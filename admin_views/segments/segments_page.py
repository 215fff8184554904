"""The page on which an admin keeps segments, each with whom it has now."""

from typing import Any

from flask import flash, jsonify, make_response, redirect, request
from flask_admin import BaseView, expose
from sqlalchemy import select
from werkzeug.wrappers import Response

from admin_views.lookup import find
from admin_views.posted import posted
from admin_views.segments.segment_words import choices, counted, told
from app.extensions import db
from app.lib.time.clock import now
from app.models import CustomerSegment
from app.segments import keep_segments as segments
from app.segments.segment_filters import FILTERS
from app.web.guards import access


class SegmentsView(BaseView):  # type: ignore[misc]
    roles = access.ADMINS
    in_tenant = True

    def __init__(self) -> None:
        super().__init__(
            name="Segments",
            endpoint="customer_segments",
            url="/admin/segments",
            menu_icon_type="fa",
            menu_icon_value="fa-filter",
        )

    def is_accessible(self) -> bool:
        return access.may("customer_segments")

    @expose("/")
    def index(self) -> str:
        return self._page(None, {})

    @expose("/<int:customer_segment_id>")
    def show(self, customer_segment_id: int) -> str:
        segment = find(CustomerSegment, customer_segment_id)
        return self._page(segment, {"name": segment.name, **segment.filters})

    @expose("/", methods=["POST"])
    def make(self) -> Response | tuple[str, int]:
        """A new one: its name, and what each filter asks for."""
        return self._keep(None)

    @expose("/<int:customer_segment_id>", methods=["POST"])
    def save(self, customer_segment_id: int) -> Response | tuple[str, int]:
        """The same for one that is there."""
        return self._keep(find(CustomerSegment, customer_segment_id))

    @expose("/remove", methods=["POST"])
    def remove(self) -> Response:
        db.session.delete(find(CustomerSegment, request.form["customer_segment_id"]))
        db.session.commit()
        flash("Deleted. Its customers stay as they are.", "success")
        return redirect(self.get_url(".index"))

    @expose("/count")
    def count(self) -> Response:
        """How many customers the filters of the address have now; 422 says what is wrong."""
        try:
            found = segments.count(segments.read(request.args), now())
        except segments.BadSegment as bad:
            return make_response(jsonify(error=str(bad)), 422)
        return jsonify(told=counted(found), customers=found.customers)

    def _keep(self, segment: CustomerSegment | None) -> Response | tuple[str, int]:
        values = posted()
        try:
            segments.keep(segment, str(values.get("name") or ""), segments.read(values))
        except segments.BadSegment as bad:
            flash(str(bad), "error")
            kept = find(CustomerSegment, segment.id) if segment else None
            return self._page(kept, values), 422
        flash("Saved.", "success")
        return redirect(self.get_url(".index"))

    def _page(self, segment: CustomerSegment | None, given: dict[str, Any]) -> str:
        known = choices()
        rows = db.session.scalars(select(CustomerSegment).order_by(CustomerSegment.name)).all()
        named = [(each.id, each.name, each.filters) for each in rows]
        listed = [(id_, name, told(filters, known), filters) for id_, name, filters in named]
        chosen = (segment.id, segment.name) if segment else None
        page: str = self.render(
            "segments/segments.html",
            rows=[
                (id_, name, sentence, counted(segments.count(filters, now())))
                for id_, name, sentence, filters in listed
            ],
            chosen=chosen,
            given={key: str(value) for key, value in given.items()},
            filters=FILTERS.values(),
            known=known,
        )
        return page
