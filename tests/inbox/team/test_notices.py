"""Who is named in a note is told, once, in the product and by email; never anybody else."""

from datetime import timedelta

from sqlalchemy import select, update

from app.emails.send import send_due
from app.extensions import db
from app.inbox import conversation_commands as commands
from app.inbox.conversation_log import By
from app.inbox.notes import add_note
from app.inbox.team import mentions, notices
from app.models import Note, Sees, User, UserNotice
from app.tenancy import tenant_scope, unscoped
from app.users.notice_emails import tell_those_away
from tests.admin_views.reading import cells
from tests.support.browser import Browser
from tests.support.granted import let
from tests.support.mailboxes import Mailboxes
from tests.support.world import NOON, Business

JSON = {"Accept": "application/json"}
LATER = NOON + notices.PATIENCE


def user(business: Business, email: str) -> int:
    with tenant_scope(business.id):
        return db.session.scalars(select(User.id).where(User.email == email)).one()


def note(salon: Business, text: str, token: str | None = None) -> None:
    by = By(user(salon, salon.admin))
    with tenant_scope(salon.id):
        add_note(salon.customer_id, text, by, NOON, token)
        db.session.commit()


def unread(business: Business, email: str) -> int:
    id_ = user(business, email)
    with tenant_scope(business.id):
        return notices.unread(id_).answer


def test_who_is_named_is_told_once_and_reads_it_with_the_thread(
    salon: Business, garage: Business, staff: Browser, admin: Browser
) -> None:
    for _ in range(2):
        note(salon, "@staff and @Admin: <b>colour</b> is out. staff@staff.test @Staffing", "once")
    assert (unread(salon, salon.staff), unread(salon, salon.admin)) == (1, 0)
    assert (unread(garage, garage.staff), unread(garage, garage.admin)) == (0, 0)
    told = staff.get("/notices").text
    assert "Admin named you in a note about" in told and "notice-unread" in told
    assert "@Staff and @Admin: &lt;b&gt;colour&lt;/b&gt;" in told
    assert 'aria-label="Notices: 1 unread"' in told
    assert "Nothing yet." in cells(Browser(garage.staff).get("/notices").text)
    thread = staff.get(f"/messages/{salon.customer_id}").text
    assert '<span class="mention">@Staff</span> and <span class="mention">@Admin</span>' in thread
    assert "staff@staff.test" in thread and "@Staffing" in thread
    # What is refused reads nothing.
    assert staff.post(f"/messages/{salon.customer_id}/read", data={}).status_code == 404
    assert unread(salon, salon.staff) == 1
    staff.post(f"/messages/{salon.customer_id}/read", data={"up_to": "0"})
    assert unread(salon, salon.staff) == 0
    # Renamed, they are named as they are now; gone, they are somebody.
    with tenant_scope(salon.id):
        theirs = update(User).where(User.email == salon.staff)
        db.session.execute(theirs.values(name="Stella <i>"))
        db.session.commit()
    assert "@Stella &lt;i&gt;</span>" in admin.get(f"/messages/{salon.customer_id}").text
    with unscoped("tests"):
        db.session.delete(db.session.scalars(select(User).where(User.email == salon.staff)).one())
        db.session.commit()
    assert "@somebody</span>" in admin.get(f"/messages/{salon.customer_id}").text


def test_an_email_tells_whoever_was_not_there(
    post: Mailboxes, salon: Business, garage: Business
) -> None:
    note(salon, "@Staff could you call her?")
    tell_those_away(LATER - timedelta(seconds=1))
    send_due(LATER)
    assert post.emails() == []
    for _ in range(2):
        tell_those_away(LATER)
        send_due(LATER)
    (email,) = post.emails()
    assert email.recipients == [salon.staff]
    assert "@Staff could you call her?" in email.text and "Ann Salon" in email.text
    # Whoever was there has read it.
    note(salon, "@Staff and her sister?")
    id_ = user(salon, salon.staff)
    with tenant_scope(salon.id):
        assert notices.read(id_, LATER, salon.customer_id)
    # Nor is it told to whoever does not see the conversation.
    let(salon.staff, sees=Sees.OWN)
    note(salon, "@Staff, about her feet")
    tell_those_away(LATER + notices.PATIENCE)
    send_due(LATER + notices.PATIENCE)
    assert len(post.emails()) == 1


def test_who_is_given_a_conversation_is_told_and_a_crowd_of_asks_is_one(
    salon: Business, garage: Business
) -> None:
    staff, admin = user(salon, salon.staff), user(salon, salon.admin)
    theirs = user(garage, garage.staff)
    rule = By(rule_name="Late callers")
    with tenant_scope(salon.id):
        commands.assign(salon.customer_id, staff, By(staff), NOON)
        assert notices.unread(staff).answer == 0
        commands.assign(salon.customer_id, admin, By(staff), NOON)
        for minutes in range(3):
            notices.asked(salon.customer_id, rule, NOON + timedelta(minutes=minutes))
        db.session.commit()
        assert (notices.unread(admin).answer, notices.unread(staff).answer) == (2, 1)
        # A stranger's id names nobody here.
        assert not notices.read(theirs, NOON)
        newest = notices.latest(staff)[0]
        assert (newest.rule_name, newest.at) == ("Late callers", NOON + timedelta(minutes=2))
    assert unread(garage, garage.staff) == 0
    notices.forget(NOON + notices.KEPT + timedelta(minutes=1, seconds=30))
    with tenant_scope(salon.id):
        assert {row.kind for row in db.session.scalars(select(UserNotice))} == {"asked"}


def test_two_of_one_name_are_told_apart_by_their_emails(salon: Business) -> None:
    with tenant_scope(salon.id):
        db.session.execute(update(User).values(name="Kim"))
        db.session.commit()
        users = db.session.scalars(select(User)).all()
        assert set(mentions.handles(users)) == {salon.staff, salon.admin}
        text, named = mentions.kept(f"@{salon.staff}, please. @Kim?")
        assert [each.email for each in named] == [salon.staff]
        assert text == f"@[{named[0].id}], please. @Kim?"
    note(salon, f"@{salon.staff} again")
    with tenant_scope(salon.id):
        last = db.session.scalars(select(Note).order_by(Note.id.desc()).limit(1)).one()
        assert mentions.told(last.body, mentions.names([last])) == "@Kim again"
