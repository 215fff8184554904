"""What an admin lets a member of staff do."""

from flask import current_app, flash, redirect, request, url_for
from flask_admin import BaseView, expose
from werkzeug.wrappers import Response

from admin_views.lookup import find
from admin_views.team.rights_words import MAY, SEES
from app.extensions import db
from app.inbox.team import staff_rights
from app.inbox.team.staff_rights import Right, Rights
from app.models import Role, Sees, User
from app.web.guards import access

CANNOT_HIDE = (
    "This database cannot keep conversations apart yet, so everybody sees all. Ask whoever runs"
    " KaiVox to finish its upgrade."
)


class RightsView(BaseView):  # type: ignore[misc]
    roles = access.ADMINS
    in_tenant = True

    def __init__(self) -> None:
        super().__init__(name="Rights", endpoint="rights", url="/admin/team/rights")

    def is_visible(self) -> bool:
        """The page Team leads to each."""
        return False

    def is_accessible(self) -> bool:
        return access.may("rights")

    @expose("/")
    def index(self) -> Response:
        return redirect(url_for("team.index"))

    @expose("/<int:user_id>")
    def show(self, user_id: int) -> str | Response:
        user: User = find(User, user_id)
        return self._refused(user) or self._page(user, staff_rights.of(user))

    @expose("/<int:user_id>", methods=["POST"])
    def give(self, user_id: int) -> Response | str | tuple[str, int]:
        """sees, and each right that is ticked; they hold at once."""
        user: User = find(User, user_id)
        if refused := self._refused(user):
            return refused
        wanted = _posted()
        if wanted.sees != Sees.ALL and not _can_hide():
            flash(CANNOT_HIDE, "error")
            return self._page(user, wanted), 422
        if staff_rights.give(user, wanted):
            db.session.commit()
        flash(f"Saved: this holds for {user} from now on.", "success")
        return redirect(self.get_url("team.index"))

    def _refused(self, user: User) -> Response | None:
        if user.role == Role.STAFF:
            return None
        flash(f"{user} is an admin, and admins may do everything.", "info")
        return redirect(url_for("team.index"))

    def _page(self, user: User, now: Rights) -> str:
        page: str = self.render(
            "team/rights.html",
            person=user,
            now=now,
            sees=SEES,
            may=MAY,
            cannot_hide="" if _can_hide() else CANNOT_HIDE,
        )
        return page


def _posted() -> Rights:
    sees = request.form.get("sees", "")
    if sees not in set(Sees):
        # As narrow as can be: nothing is opened by a form that says nothing.
        sees = Sees.OWN
    given = {right: right in request.form for right in Right}
    return Rights(given[Right.EXPORT], given[Right.DELETE], Sees(sees))


def _can_hide() -> bool:
    return bool(current_app.extensions["row_security"].narrows)
