"""The operator's page of everybody who signs in: to let in again, to keep out, to help back."""

from collections.abc import Callable

from flask import abort, flash, redirect, request
from flask_admin import BaseView, expose
from flask_security import current_user
from werkzeug.wrappers import Response

from admin_views.labels import ROLE
from admin_views.lookup import within
from app.extensions import db
from app.lib.text.cleaning import as_sentence, clean
from app.lib.time.clock import now
from app.models import User
from app.tenancy import unscoped
from app.users import user_access as users
from app.web.guards import access

WHY = "the operator sees to those who sign in to any business"
PAGE = 50


class PeopleView(BaseView):  # type: ignore[misc]
    roles = access.PLATFORM
    in_tenant = False

    def __init__(self) -> None:
        super().__init__(
            name="People",
            endpoint="people",
            url="/admin/people",
            menu_icon_type="fa",
            menu_icon_value="fa-id-badge",
        )

    def is_accessible(self) -> bool:
        return access.may("people")

    @expose("/")
    def index(self) -> str:
        sought = clean(request.args.get("search", ""))[:200].strip()
        after = within(request.args.get("after", 0, type=int), access.BIGINT - 1)
        return self._page(users.everybody(sought=sought, after=after, most=PAGE), sought)

    @expose("/<int:user_id>/disable", methods=["POST"])
    def disable(self, user_id: int) -> Response:
        return self._acted(user_id, lambda user: users.disable(user, now()), "{} is kept out.")

    @expose("/<int:user_id>/enable", methods=["POST"])
    def enable(self, user_id: int) -> Response:
        return self._acted(user_id, users.enable, "{} may sign in again.")

    @expose("/<int:user_id>/reset", methods=["POST"])
    def reset(self, user_id: int) -> str:
        """Their new password stands on this page alone, and in no cookie."""
        with unscoped(WHY):
            user = _other(user_id)
            fresh = users.reset(user, now())
            db.session.commit()
            told = (user.email, fresh)
        return self._page(users.everybody(sought=told[0], most=PAGE), told[0], told)

    def _page(
        self, rows: list[users.Somebody], sought: str, told: tuple[str, str] | None = None
    ) -> str:
        older = rows[-1].user.id if len(rows) == PAGE else None
        page: str = self.render(
            "operator/people.html",
            rows=rows,
            sought=sought,
            told=told,
            older=older,
            role_words=ROLE,
        )
        return page

    def _acted(self, user_id: int, act: Callable[[User], None], done: str) -> Response:
        with unscoped(WHY):
            user = _other(user_id)
            try:
                act(user)
                db.session.commit()
                flash(done.format(user.email), "success")
            except users.LastAdmin as error:
                db.session.rollback()
                flash(as_sentence(error), "error")
        return redirect(self.get_url(".index", search=request.form.get("search") or None))


def _other(user_id: int) -> User:
    """Somebody else: of oneself an operator sees to the password elsewhere."""
    user = users.get(user_id)
    if user is None:
        abort(404)
    if user.id == current_user.id:
        abort(403)
    return user
