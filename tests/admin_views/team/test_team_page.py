"""The page Team: everybody who works there, and those who are invited to."""

import re

import pytest

from admin_views.team import team_page
from app.emails.send import send_due
from app.lib.time.clock import now
from app.models import StaffMember, User, UserEmail, UserInvitation
from tests.admin_views.reading import cells, everybodys, rows, told
from tests.support.browser import Browser
from tests.support.mailboxes import Mailboxes
from tests.support.world import Business

NEW = "another-horse-battery"
BO = {"email": "Bo@Salon.TEST", "name": "Bo", "role": "staff"}


def bos(business: Business) -> UserInvitation:
    """The one that the test has made."""
    made: UserInvitation = rows(business, UserInvitation)[-1]
    return made


def path(text: str) -> str:
    found = re.search(r"http://localhost(/invitation/\S+?)[\s<]", text)
    assert found, text
    return found[1]


def take(browser: Browser, link: str) -> str:
    """Where taking the invitation leads, else what the page says."""
    answer = browser.get(link)
    if answer.status_code != 302:
        return str(answer.text)
    page = browser.get(answer.location)
    assert 'value="Bo"' in page.text and link.rpartition("/")[2] not in page.text
    answer = browser.post(answer.location, data={"name": "Bo", "new_password": NEW})
    return str(answer.location or answer.text)


def test_an_invitation_goes_by_email_and_lets_one_person_in(
    post: Mailboxes, salon: Business, garage: Business, admin: Browser
) -> None:
    assert admin.post("/admin/team/", data=BO).location == "/admin/team/"
    assert "An invitation is on its way to bo@salon.test" in admin.get("/admin/team/").text
    send_due(now())
    (email,) = post.emails("bo@salon.test")
    assert "Admin invites you to the inbox of Bella's Salon" in email.text
    token = path(email.text).rpartition("/")[2]
    assert token not in str([vars(each) for each in everybodys(UserEmail)])
    page = cells(admin.get("/admin/team/").text)
    assert token not in page and "it holds until" in page
    # In a browser in which a colleague is signed in.
    browser = Browser(salon.staff)
    assert browser.get(path(email.text)).location == "/invitation"
    assert "Staff is signed in, and will be signed out" in browser.get("/invitation").text
    assert take(browser, path(email.text)) == "/"
    assert "Bo" in browser.get("/messages").text
    assert "This link is over" in take(Browser(), path(email.text))
    assert Browser().sign_in("bo@salon.test", NEW).location == "/"
    assert "bo@salon.test" not in cells(Browser(garage.admin).get("/admin/team/").text)


def test_a_withdrawn_one_is_not_sent_and_a_second_takes_the_place_of_one_that_waits(
    post: Mailboxes, salon: Business, garage: Business, admin: Browser
) -> None:
    admin.post("/admin/team/", data=BO)
    id_ = bos(salon).id
    theirs = Browser(garage.admin)
    send, that = f"/admin/team/invitations/{id_}/send", {"user_invitation_id": id_}
    for address in (send, "/admin/team/withdraw"):
        assert theirs.post(address, data=that).status_code == 404
        assert Browser(salon.staff).post(address, data=that).status_code == 403
    admin.post(send)
    send_due(now())
    assert len(post.emails("bo@salon.test")) == 1
    admin.post(send)
    admin.post("/admin/team/withdraw", data=that)
    send_due(now())
    assert len(post.emails("bo@salon.test")) == 1
    assert "This link is over" in take(Browser(), path(post.emails()[0].text))
    assert [each.email for each in rows(salon, UserInvitation)] == ["invited@salon.test"]


def test_without_a_mail_server_the_link_is_shown_once(
    salon: Business, garage: Business, admin: Browser
) -> None:
    assert "This server sends no emails" in admin.get("/admin/team/").text
    answer = admin.post("/admin/team/", data=BO, headers={"X-Forwarded-Host": "evil.example"})
    link = path(answer.text)
    assert link.rpartition("/")[2] not in " ".join(answer.headers.getlist("Set-Cookie"))
    assert link not in admin.get("/admin/team/").text
    for wrong, says in ((BO, "invited already"), (BO | {"email": "bo"}, "not an email address")):
        answer = admin.post("/admin/team/", data=wrong)
        assert answer.status_code == 422 and says in told(answer)
    assert take(Browser(), link) == "/"


def test_so_many_invitations_a_minute(
    salon: Business, admin: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(team_page, "OFTEN", "2 per minute")
    for number in range(2):
        admin.post("/admin/team/", data=BO | {"email": f"bo{number}@salon.test"})
    answer = admin.post("/admin/team/", data=BO | {"email": "one-more@salon.test"})
    assert answer.status_code == 302 and len(rows(salon, UserInvitation)) == 3
    assert "Enough was sent for now" in admin.get("/admin/team/").text


def test_one_person_signs_in_and_takes_appointments(
    salon: Business, garage: Business, admin: Browser
) -> None:
    (sofia,) = rows(salon, StaffMember)
    page = admin.get(f"/admin/team/?staff_member_id={sofia.id}").text
    assert 'value="Sofia"' in page and f'name="staff_member_id" value="{sofia.id}"' in page
    foreign = rows(garage, StaffMember)[0].id
    assert admin.get(f"/admin/team/?staff_member_id={foreign}").status_code == 404
    staff = next(user for user in rows(salon, User) if user.email == salon.staff)
    stranger = rows(garage, User)[0]
    form = {"name": "Sofia", "active": "y", "user_id": str(staff.id)}
    address = f"/admin/staff-members/edit/?id={sofia.id}&url=/admin/team/"
    answer = admin.post(address, data=form | {"user_id": str(stranger.id)})
    assert "Not a valid choice" in answer.text
    assert admin.post(address, data=form).location == "/admin/team/"
    assert "Staff staff@salon.test Staff Yes as Sofia" in cells(admin.get("/admin/team/").text)
    user = {"name": "Staff", "email": salon.staff, "role": "staff", "active": "y"}
    edit = f"/admin/users/edit/?id={staff.id}"
    assert re.search(r'<input checked[^>]*name="takes_appointments"', admin.get(edit).text)
    assert admin.post(edit, data=user).status_code == 302
    assert [each.active for each in rows(salon, StaffMember)] == [False]
    assert admin.post(edit, data=user | {"takes_appointments": "y"}).status_code == 302
    assert [each.active for each in rows(salon, StaffMember)] == [True]
    assert [each.user_id for each in rows(garage, StaffMember)] == [None]
