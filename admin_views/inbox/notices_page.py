"""The list behind the bell: what somebody was told, and what of it they have not read."""

from flask import jsonify, redirect, request, url_for
from flask_admin import BaseView, expose
from werkzeug.wrappers import Response

from admin_views.frame import unread_notices
from admin_views.inbox.inbox_page import mine
from admin_views.times import business_time
from app import live
from app.inbox.team import mentions, notices
from app.lib.text.cleaning import preview
from app.lib.time.clock import now
from app.models import NoticeKind, UserNotice
from app.tenancy import current_tenant_id
from app.web.guards import access
from app.web.guards.access import wants_json

WORDS = {
    NoticeKind.MENTION: "{who} named you in a note about",
    NoticeKind.ASSIGNED: "{who} gave you the conversation with",
    NoticeKind.ASKED: "{who} asks somebody to look at the conversation with",
    NoticeKind.PROMISED: "It is time to do what was promised to",
}
LENGTH = 200


class NoticesView(BaseView):  # type: ignore[misc]
    roles = access.STAFF
    in_tenant = True

    def __init__(self) -> None:
        super().__init__(name="Notices", endpoint="notices", url="/notices")

    def is_accessible(self) -> bool:
        return access.may("notices")

    def is_visible(self) -> bool:
        """The bell leads there."""
        return False

    @expose("/")
    @expose("")
    def index(self) -> Response | str:
        """The latest, the newest first; with part=bell the bell alone, for the live page. An
        operator is no user of the business: nobody tells them anything."""
        if request.args.get("part") == "bell":
            return self._page("notices/bell.html")
        user_id = mine()
        told = list(notices.latest(user_id)) if user_id else []
        if wants_json():
            return jsonify(unread=unread_notices(), notices=[_json(each) for each in told])
        moment, there = now(), business_time()
        names = mentions.names([each.note for each in told if each.note])
        return self._page(
            "notices/notices.html",
            told=told,
            words=words,
            said=lambda each: preview(mentions.told(each.note.body, names), LENGTH),
            brief=lambda instant: there.brief(instant, moment),
        )

    @expose("/read", methods=["POST"])
    def read(self) -> Response:
        """All of them are read."""
        user_id = mine()
        if user_id and notices.read(user_id, now()):
            live.publish(current_tenant_id(), live.NOTICES)
        return Response(status=204) if wants_json() else redirect(url_for(".index"))

    def _page(self, template: str, **context: object) -> str:
        page: str = self.render(template, **context)
        return page


def words(notice: UserNotice) -> str:
    """What happened, up to the customer's name."""
    who = f"The rule “{notice.rule_name}”" if notice.rule_name else str(notice.user or "KaiVox")
    return WORDS[NoticeKind(notice.kind)].format(who=who)


def _json(notice: UserNotice) -> dict[str, object]:
    return {
        "id": notice.id,
        "kind": notice.kind,
        "customer_id": notice.customer_id,
        "note_id": notice.note_id,
        "at": notice.at.isoformat(),
        "read": notice.read_at is not None,
    }
