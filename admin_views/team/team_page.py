"""The page of everybody who works here, and of those who are invited to."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from flask import Response, flash, make_response, redirect, request, url_for
from flask_admin import BaseView, expose
from flask_security import current_user
from werkzeug.wrappers import Response as Redirect

from admin_views.labels import ROLE
from admin_views.lookup import find
from admin_views.team import invitation_words
from admin_views.team.rights_words import differs
from app.customers import contact
from app.emails import queue
from app.extensions import db, each_business, limiter
from app.lib.text.cleaning import as_sentence
from app.lib.time.clock import now
from app.models import StaffMember, UserInvitation
from app.tasks import Task, enqueue
from app.users import invitations, team
from app.users.invitations import Asked, NotInvited
from app.web.guards import access

# Each is an email to whatever address somebody enters.
OFTEN = "20 per minute; 60 per day"

NOBODY = Asked("", "", "staff")


def _enough(_limit: object) -> Response:
    flash("Enough was sent for now: 20 invitations a minute, and 60 a day. Go on later.", "error")
    return make_response(redirect(url_for("team.index")))


invitations_sent = limiter.shared_limit(
    lambda: OFTEN, scope="invitations", key_func=each_business, on_breach=_enough
)


class TeamView(BaseView):  # type: ignore[misc]
    roles = access.ADMINS
    in_tenant = True

    def __init__(self) -> None:
        super().__init__(
            name="Team",
            category="Setup",
            endpoint="team",
            url="/admin/team",
            menu_icon_type="fa",
            menu_icon_value="fa-users",
        )

    def is_accessible(self) -> bool:
        return access.may("team")

    @expose("/")
    def index(self) -> str:
        """With staff_member_id the form is filled in for who takes appointments already."""
        known = request.args.get("staff_member_id")
        return self._page(_of(find(StaffMember, known)) if known else NOBODY)

    @expose("/", methods=["POST"])
    @invitations_sent
    def invite(self) -> Redirect | str | tuple[str, int]:
        asked = _asked()
        try:
            asked = replace(asked, email=contact.normal("email", asked.email, ""))
            return self._send(invitations.invite(asked, current_user, now()))
        except contact.BadAddress as error:
            return self._refused(asked, as_sentence(error))
        except NotInvited as error:
            return self._refused(asked, str(error))

    @expose("/invitations/<int:user_invitation_id>/send", methods=["POST"])
    @invitations_sent
    def send(self, user_invitation_id: int) -> Redirect | str | tuple[str, int]:
        try:
            return self._send(find(UserInvitation, user_invitation_id))
        except NotInvited as error:
            return self._refused(NOBODY, str(error))

    @expose("/withdraw", methods=["POST"])
    def withdraw(self) -> Redirect:
        """Its link holds no more, and its email is not sent where it was not yet."""
        invitation = find(UserInvitation, request.form["user_invitation_id"])
        db.session.delete(invitation)
        db.session.commit()
        flash(f"{invitation.email} is invited no more.", "success")
        return redirect(self.get_url(".index"))

    def _refused(self, asked: Asked, reason: str) -> tuple[str, int]:
        flash(reason, "error")
        return self._page(asked), 422

    def _send(self, invitation: UserInvitation) -> Redirect | str:
        """Without a mail server its link stands on this page alone, and in no cookie. Raises
        NotInvited."""
        link = invitations.send(invitation, current_user, now())
        db.session.commit()
        if link:
            return self._page(NOBODY, (invitation.email, link))
        enqueue(Task.SEND_USER_EMAILS)
        flash(f"An invitation is on its way to {invitation.email}.", "success")
        return redirect(self.get_url(".index"))

    def _page(self, asked: Asked, told: tuple[str, str] | None = None) -> str:
        page: str = self.render(
            "team/team.html",
            people=team.people(),
            pending=invitations.pending(),
            state=_state(),
            asked=asked,
            told=told,
            mails=queue.possible(),
            differs=differs,
            roles={role: ROLE[role] for role in invitations.ROLES},
        )
        return page


def _state() -> Callable[[Any], invitation_words.State]:
    at = now()
    return lambda pending: invitation_words.state(pending, at)


def _asked() -> Asked:
    form = request.form
    return Asked(
        email=form.get("email", "").strip(),
        name=form.get("name", ""),
        role=form.get("role", ""),
        takes_appointments="takes_appointments" in form,
        staff_member_id=_member(form.get("staff_member_id", "")),
    )


def _member(id_: str) -> int | None:
    return find(StaffMember, id_).id if id_ else None


def _of(member: StaffMember) -> Asked:
    return Asked("", member.name, "staff", member.active, member.id)
