"""An invitation lets in whoever has its link, once, and as long as who sent it may invite."""

import threading
from datetime import datetime, timedelta

import pytest
from flask import Flask
from sqlalchemy import delete, update

from app.emails import one_time_links
from app.extensions import db
from app.lib.keyed_hash import hashed
from app.lib.time.clock import now
from app.models import Role, StaffMember, User, UserInvitation
from app.tenancy import tenant_scope
from app.users import invitations, take_invitation, team, user_access
from app.users.invitations import Asked, NotInvited
from app.users.passwords import WeakPassword
from app.users.take_invitation import InvitationOver
from tests.admin_views.reading import rows
from tests.support.world import Business

NEW = "another-horse-battery"


def link(business: Business, by: str = "", at: datetime | None = None, **asked: object) -> str:
    """The token of an invitation that an admin hands on, as there is no mail server."""
    given = {"email": "bo@salon.test", "name": "Bo", "role": "staff"} | asked
    with tenant_scope(business.id):
        user = user_access.find(by or business.admin)
        assert user
        made = invitations.invite(Asked(**given), user, at or now())  # type: ignore[arg-type]
        path = invitations.send(made, user, at or now())
        db.session.commit()
        db.session.remove()
    assert path and path.startswith("http://localhost/invitation/")
    return path.rpartition("/")[2]


def bos(business: Business) -> UserInvitation:
    """The one that the test has made."""
    made: UserInvitation = rows(business, UserInvitation)[-1]
    return made


def users(business: Business) -> set[str]:
    return {user.email for user in rows(business, User)}


def over(token: str, at: datetime | None = None) -> bool:
    """Whether the link neither shows nor gives anything any more."""
    for act in (
        take_invitation.opened,
        lambda *_: take_invitation.take(token, "Bo", NEW, at or now()),
    ):
        try:
            act(token, at or now())
        except InvitationOver:
            continue
        return False
    return True


def test_who_takes_it_is_a_user_of_that_business_and_the_link_is_over(
    salon: Business, garage: Business
) -> None:
    token = link(salon)
    assert take_invitation.opened(token, now()).business == "Bella's Salon"
    with pytest.raises(WeakPassword):
        take_invitation.take(token, "Bo", "bella-salon-2026", now())
    made = take_invitation.take(token, " Bo\n Young ", NEW, now())
    assert (made.tenant_id, made.name, made.role) == (salon.id, "Bo Young", Role.STAFF)
    assert over(token)
    assert [each.email for each in rows(salon, UserInvitation)] == ["invited@salon.test"]
    assert "bo@salon.test" not in users(garage)


def test_no_row_holds_the_link_and_another_one_voids_it(salon: Business, garage: Business) -> None:
    first = link(salon)
    invitation = bos(salon)
    assert invitation.token_hash == hashed(first)
    with tenant_scope(salon.id):
        admin = user_access.find(salon.admin)
        assert admin
        second = invitations.send(invitation, admin, now())
        db.session.commit()
    assert over(first) and not over(str(second).rpartition("/")[2])


def test_it_is_over_after_seven_days(salon: Business, garage: Business) -> None:
    token, at = link(salon), now()
    assert over(token, at + one_time_links.INVITATION_LASTS)
    assert not over(token, at + one_time_links.INVITATION_LASTS - timedelta(minutes=1))


@pytest.mark.parametrize("what", ["disabled", "demoted", "deleted", "withdrawn"])
def test_it_is_over_where_nobody_stands_behind_it(
    what: str, salon: Business, garage: Business
) -> None:
    token = link(salon)
    inviter = update(User).where(User.email == salon.admin)
    with tenant_scope(salon.id):
        if what == "disabled":
            db.session.execute(inviter.values(active=False))
        if what == "demoted":
            db.session.execute(inviter.values(role=Role.STAFF))
        if what == "deleted":
            db.session.execute(delete(User).where(User.email == salon.admin))
        if what == "withdrawn":
            db.session.execute(delete(UserInvitation))
        db.session.commit()
    assert over(token)
    assert "bo@salon.test" not in users(salon)


def test_of_two_clicks_at_once_one_makes_the_user(
    app: Flask, salon: Business, garage: Business
) -> None:
    token, told = link(salon), []

    def take(name: str) -> None:
        with app.app_context():
            try:
                told.append(take_invitation.take(token, name, NEW, now()).email)
            except InvitationOver:
                told.append("over")
            db.session.remove()

    threads = [threading.Thread(target=take, args=(name,)) for name in ("Bo", "Bea")]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    assert sorted(told) == ["bo@salon.test", "over"]
    assert len(rows(salon, User)) == 3


def test_who_signs_in_already_is_not_invited_and_not_told_where(
    salon: Business, garage: Business
) -> None:
    for email, says in (
        (salon.staff, "in the team already"),
        (garage.staff, "This email cannot be used: choose another."),
    ):
        with pytest.raises(NotInvited, match=says):
            link(salon, email=email)
    link(salon)
    with pytest.raises(NotInvited, match="invited already"):
        link(salon)
    with pytest.raises(NotInvited, match="role"):
        link(salon, email="else@salon.test", role="platform_admin")


def test_of_two_businesses_that_invite_somebody_one_gets_them(
    salon: Business, garage: Business
) -> None:
    ours, theirs = link(salon), link(garage)
    take_invitation.take(theirs, "Bo", NEW, now())
    assert over(ours)
    with tenant_scope(salon.id), pytest.raises(NotInvited, match="choose another"):
        admin, invitation = user_access.find(salon.admin), bos(salon)
        invitations.send(invitation, admin, now())  # type: ignore[arg-type]
    assert "bo@salon.test" in users(garage) - users(salon)


def test_who_takes_appointments_already_is_the_same_person(
    salon: Business, garage: Business
) -> None:
    (sofia,) = rows(salon, StaffMember)
    token = link(salon, takes_appointments=True, staff_member_id=sofia.id)
    bo = take_invitation.take(token, "Sofia Marino", NEW, now())
    (member,) = rows(salon, StaffMember)
    assert (member.name, member.user_id) == ("Sofia", bo.id)
    with tenant_scope(salon.id):
        found = {person.name: person.member for person in team.people()}
    assert found.keys() == {"Sofia Marino", "Staff", "Admin"} and found["Staff"] is None


def test_who_is_to_take_appointments_is_found_by_the_name_that_the_admin_gave_or_made(
    salon: Business, garage: Business
) -> None:
    other = link(salon, email="two@salon.test", takes_appointments=True)
    two = take_invitation.take(other, "Sofia", NEW, now()).id
    first = link(salon, name="sofía", takes_appointments=True)
    one = take_invitation.take(first, "Sofia Marino", NEW, now()).id
    found = {member.name: member.user_id for member in rows(salon, StaffMember)}
    assert found == {"Sofia": one, "Sofia (two@salon.test)": two}
    assert [member.user_id for member in rows(garage, StaffMember)] == [None]
