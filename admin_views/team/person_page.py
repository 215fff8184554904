"""How a colleague signs in: their second factor, and where they are signed in; an admin resets the
one and ends the others."""

from datetime import datetime

from flask import abort, flash, redirect, url_for
from flask_admin import BaseView, expose
from flask_security import current_user
from werkzeug.wrappers import Response

from admin_views.lookup import find
from app.extensions import db
from app.lib.mail.display_name import strangers_name
from app.lib.time.clock import lasted, now
from app.models import User
from app.tasks import Task, enqueue
from app.users import second_factor, sessions
from app.web.guards import access


class PersonView(BaseView):  # type: ignore[misc]
    roles = access.ADMINS
    in_tenant = True

    def __init__(self) -> None:
        super().__init__(name="Sign-in", endpoint="person", url="/admin/team/people")

    def is_visible(self) -> bool:
        """The page Team leads to each."""
        return False

    def is_accessible(self) -> bool:
        return access.may("person")

    @expose("/")
    def index(self) -> Response:
        return redirect(url_for("team.index"))

    @expose("/<int:user_id>")
    def show(self, user_id: int) -> str | Response:
        user: User = find(User, user_id)
        if user.id == current_user.id:
            return redirect(url_for("password.change"))
        page: str = self.render(
            "team/person.html",
            person=user,
            lasts=_since(user.second_factor_since),
            sessions=sessions.open_ones(user, now()),
            ago=_since,
        )
        return page

    @expose("/<int:user_id>/second-factor", methods=["POST"])
    def reset(self, user_id: int) -> Response:
        """Their password alone lets them in again, until they set up another one; they are told."""
        user = _colleague(user_id)
        if not second_factor.has(user):
            abort(404)
        who = strangers_name(str(current_user)) or "Somebody"
        second_factor.turn_off(user, f"{who}, an admin of your business,", now())
        db.session.commit()
        enqueue(Task.SEND_USER_EMAILS)
        flash(f"The second factor of {user} is reset: they set up another one.", "success")
        return redirect(self.get_url(".show", user_id=user_id))

    @expose("/<int:user_id>/sessions/<int:user_session_id>", methods=["POST"])
    def end(self, user_id: int, user_session_id: int) -> Response:
        user = _colleague(user_id)
        if not sessions.end_one(user, user_session_id, now()):
            abort(404)
        db.session.commit()
        flash(f"{user} is signed out there.", "success")
        return redirect(self.get_url(".show", user_id=user_id))

    @expose("/<int:user_id>/sessions", methods=["POST"])
    def end_all(self, user_id: int) -> Response:
        user = _colleague(user_id)
        sessions.end_each(user, now())
        db.session.commit()
        flash(f"{user} is signed out everywhere.", "success")
        return redirect(self.get_url(".show", user_id=user_id))


def _colleague(user_id: int) -> User:
    """One's own sign-in is on one's own pages, which ask for the password."""
    user: User = find(User, user_id)
    return user if user.id != current_user.id else abort(404)


def _since(at: datetime | None) -> str:
    return lasted(now() - at) if at else ""
