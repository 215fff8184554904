"""The HTML of an email that came in: a page without rights, for that business's staff."""

from email.message import EmailMessage

import pytest
from sqlalchemy import select

from app.extensions import db
from app.models import Message, ReceivedEmail
from app.tenancy import tenant_scope
from tests.support.browser import Browser, visitor
from tests.support.email_in import post, written
from tests.support.world import Business

PNG = b"\x89PNG\r\n\x1a\n and so on"
SVG = b"<svg onload=alert(1)>"


def decorated(html: str, picture: bytes = PNG) -> EmailMessage:
    made = written("Yes, please")
    made.add_alternative(html, subtype="html")
    part = list(made.iter_parts())[1]
    assert isinstance(part, EmailMessage)
    part.add_related(picture, "image", "png", cid="<sign@lee>")
    return made


def came(owner: Business, html: str, picture: bytes = PNG) -> ReceivedEmail:
    assert post(owner, decorated(html, picture)).status_code == 200
    with tenant_scope(owner.id):
        query = select(ReceivedEmail).order_by(ReceivedEmail.id.desc())
        return db.session.scalars(query.limit(1)).one()


def thread(owner: Business, browser: Browser) -> str:
    """The page of the last who emailed."""
    with tenant_scope(owner.id):
        query = select(Message.customer_id).where(Message.channel == "email")
        customer_id = db.session.scalars(query.order_by(Message.id.desc()).limit(1)).one()
    return browser.get(f"/messages/{customer_id}").text


def test_its_page_has_its_pictures_and_no_rights(salon: Business, staff: Browser) -> None:
    html = '<p>Yes, <b>please</b> <img src="cid:sign@lee"></p><script>alert(1)</script>'
    message = came(salon, html)
    answer = staff.get(f"/emails/{message.id}")
    assert "<b>please</b>" in answer.text and 'src="data:image/png;base64,' in answer.text
    assert "alert" not in answer.text
    policy = answer.headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy and "frame-ancestors 'self'" in policy
    assert "sandbox allow-popups allow-popups-to-escape-sandbox" in policy
    assert "allow-scripts" not in policy and "allow-same-origin" not in policy
    assert answer.headers["X-Frame-Options"] == "SAMEORIGIN"
    assert answer.headers["Cache-Control"] == "no-store"


def test_the_thread_shows_its_text_and_offers_the_frame(salon: Business, staff: Browser) -> None:
    message = came(salon, '<p>Yes, <b>please</b></p><img src="https://track.example/p.gif">')
    page = thread(salon, staff)
    assert "Yes, please" in page and "track.example" not in page
    assert f'src="/emails/{message.id}"' in page
    assert 'sandbox="allow-popups allow-popups-to-escape-sandbox"' in page
    assert "Load pictures from the internet" in page
    came(salon, "<p>Yes</p>")
    assert thread(salon, staff).count("Load pictures from the internet") == 1


def test_pictures_from_elsewhere_are_loaded_when_asked_for(salon: Business, staff: Browser) -> None:
    message = came(salon, '<p>Hi</p><img src="https://track.example/p.gif">')
    shut, opened = (staff.get(f"/emails/{message.id}{query}") for query in ("", "?pictures=1"))
    assert "track.example" not in shut.text
    assert "https:" not in shut.headers["Content-Security-Policy"]
    assert "track.example" in opened.text
    assert "img-src data: https:" in opened.headers["Content-Security-Policy"]


def test_what_is_no_picture_is_none(salon: Business, staff: Browser) -> None:
    message = came(salon, '<p>Hi</p><img src="cid:sign@lee">', SVG)
    assert "svg" not in staff.get(f"/emails/{message.id}").text


def test_nobody_else_sees_it(salon: Business, garage: Business, staff: Browser) -> None:
    theirs = came(garage, "<p>Secret</p>")
    assert staff.get(f"/emails/{theirs.id}").status_code == 404
    assert visitor().get(f"/emails/{theirs.id}").status_code == 302
    assert "Secret" in Browser(garage.staff).get(f"/emails/{theirs.id}").text


@pytest.mark.parametrize("id_", [0, 999_999, 2**63])
def test_what_is_not_there_is_404(salon: Business, staff: Browser, id_: int) -> None:
    assert staff.get(f"/emails/{id_}").status_code == 404


def test_an_email_of_text_alone_has_no_page(salon: Business, staff: Browser) -> None:
    post(salon, written("Text"))
    with tenant_scope(salon.id):
        id_ = db.session.scalars(select(ReceivedEmail.id)).one()
    assert staff.get(f"/emails/{id_}").status_code == 404
    assert "Show as it was sent" not in thread(salon, staff)


INVITED = """BEGIN:VCALENDAR\r
METHOD:REQUEST\r
BEGIN:VEVENT\r
DTSTART;TZID=Europe/Berlin:20261203T160000\r
DURATION:PT1H\r
SUMMARY:<b>Fitting</b>\r
LOCATION:At the salon\r
ORGANIZER;CN=Ann Lee:mailto:ann@lee.example\r
END:VEVENT\r
END:VCALENDAR\r
"""


def test_an_invitation_is_told_in_the_business_time(salon: Business, staff: Browser) -> None:
    mail = written("Please come")
    mail.add_attachment(INVITED.encode(), "text", "calendar", filename="invite.ics")
    post(salon, mail)
    page = thread(salon, staff)
    assert "Invitation" in page and "&lt;b&gt;Fitting&lt;/b&gt;" in page
    assert "Thu, Dec 3, 10:00 AM – 11:00 AM" in " ".join(page.split())
    assert "At the salon" in page and "Ann Lee" in page and "invite.ics" in page


def test_an_answer_to_an_invitation_says_which(salon: Business, staff: Browser) -> None:
    replied = INVITED.replace("METHOD:REQUEST", "METHOD:REPLY")
    said = "ATTENDEE;PARTSTAT=ACCEPTED:mailto:ann@lee.example"
    mail = written("Accepted: Fitting")
    mail.add_attachment(
        replied.replace("ORGANIZER;CN=Ann Lee:mailto:ann@lee.example", said).encode(),
        "text",
        "calendar",
        filename="invite.ics",
    )
    post(salon, mail)
    page = thread(salon, staff)
    assert "</span> Accepted</dt>" in page and "<dd>ann@lee.example</dd>" in page
