"""An admin helps a colleague whose telephone is gone, and ends their sessions."""

from sqlalchemy import select

from app.extensions import db
from app.models import AuditEntry, User, UserEmail, UserSession
from app.tenancy import unscoped
from app.users import second_factor
from tests.admin_views.reading import cells, everybodys, rows
from tests.support.authenticator import given
from tests.support.browser import Browser
from tests.support.mailboxes import Mailboxes
from tests.support.streams import Streams, opened
from tests.support.world import Business

FIREFOX = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0"


def person(email: str) -> User:
    db.session.rollback()
    db.session.expire_all()
    with unscoped("tests"):
        return db.session.scalars(select(User).where(User.email == email)).one()


def page_of(email: str) -> str:
    return f"/admin/team/people/{person(email).id}"


def elsewhere(email: str) -> Browser:
    browser = Browser()
    where = {"REMOTE_ADDR": "198.51.100.7"}
    answer = browser.sign_in(email, headers={"User-Agent": FIREFOX}, environ_base=where)
    assert answer.location == "/"
    return browser


def is_in(browser: Browser) -> bool:
    return browser.get("/messages").status_code == 200


def test_an_admin_resets_the_second_factor_of_a_colleague_who_is_told(
    salon: Business, garage: Business, admin: Browser, post: Mailboxes
) -> None:
    given(salon.staff)
    given(garage.staff)
    page = page_of(salon.staff)
    assert "Reset the second factor" in admin.get(page).text
    assert cells(admin.get("/admin/team/").text).count("with a second factor") == 1
    assert admin.post(f"{page}/second-factor").status_code == 302
    assert Browser().sign_in(salon.staff).location == "/", "the password alone lets in"
    assert admin.post(f"{page}/second-factor").status_code == 404, "there is none"
    told = [email for email in everybodys(UserEmail) if email.kind == "second_factor_off"]
    assert [(email.user_id, email.values["who"]) for email in told] == [
        (person(salon.staff).id, "Admin, an admin of your business,")
    ]
    entry = next(each for each in rows(salon, AuditEntry) if each.action == "second_factor_off")
    assert (entry.actor_name, entry.row_name) == ("Admin", salon.staff)
    assert second_factor.has(person(garage.staff))


def test_an_admin_sees_and_ends_the_sessions_of_a_colleague(
    salon: Business, garage: Business, admin: Browser, staff: Browser
) -> None:
    browser, stranger = elsewhere(salon.staff), elsewhere(garage.staff)
    page = page_of(salon.staff)
    said = cells(admin.get(page).text)
    assert "Firefox on Linux 198.51.100.7" in said
    newest = max(row.id for row in rows(salon, UserSession))
    assert admin.post(f"{page}/sessions/{newest}").status_code == 302
    assert not is_in(browser) and is_in(staff)
    assert admin.post(f"{page}/sessions/{newest}").status_code == 404, "it is over"
    again = elsewhere(salon.staff)
    assert admin.post(f"{page}/sessions").status_code == 302
    assert not is_in(again) and not is_in(staff)
    assert is_in(admin) and is_in(stranger)
    told = [entry for entry in rows(salon, AuditEntry) if entry.action == "session_ended"]
    assert [(entry.actor_name, entry.row_name) for entry in told] == [("Admin", salon.staff)] * 3


def test_with_a_session_its_streams_end(
    salon: Business, admin: Browser, staff: Browser, streams: Streams
) -> None:
    with opened(staff.get("/live/ticket").json["url"]) as events:
        assert admin.post(f"{page_of(salon.staff)}/sessions").status_code == 302
        list(events)


def test_nobody_elses_is_seen_or_ended(
    salon: Business, garage: Business, admin: Browser, staff: Browser, operator: Browser
) -> None:
    stranger = elsewhere(garage.staff)
    given(garage.staff)
    theirs, ours = page_of(garage.staff), page_of(salon.staff)
    session = max(row.id for row in rows(garage, UserSession))
    mine = min(row.id for row in rows(salon, UserSession))
    assert admin.get(theirs).status_code == 404
    for path in (
        *(f"{theirs}/second-factor", f"{theirs}/sessions", f"{theirs}/sessions/{session}"),
        *(f"{ours}/sessions/{session}", f"{theirs}/sessions/{mine}"),
    ):
        assert admin.post(path).status_code == 404, path
        assert staff.post(path).status_code == 403, path
    operator.post(f"/admin/tenants/enter/{garage.id}")
    assert operator.get(theirs).status_code == 200
    for path in (f"{theirs}/second-factor", f"{theirs}/sessions", f"{theirs}/sessions/{session}"):
        assert operator.post(path).status_code == 403, path
    assert is_in(stranger) and second_factor.has(person(garage.staff))


def test_ones_own_is_on_ones_own_pages_which_ask_for_the_password(
    salon: Business, admin: Browser
) -> None:
    elsewhere(salon.admin)
    given(salon.admin)
    page = page_of(salon.admin)
    assert admin.get(page).location == "/password"
    assert admin.post(f"{page}/second-factor").status_code == 404
    assert admin.post(f"{page}/sessions").status_code == 404
    assert second_factor.has(person(salon.admin)) and is_in(admin)
    assert "from 198.51.100.7" in admin.get("/password").text
