"""Pictures are fetched from Twilio alone, kept with the message, and shown to that business."""

import base64
from datetime import timedelta
from io import BytesIO
from itertools import accumulate, repeat

import pytest
import requests
from sqlalchemy import select
from urllib3 import HTTPResponse

from app import tasks
from app.extensions import db, redis_client
from app.inbound import media_fetch
from app.models import Media, Message
from app.providers import provider
from app.providers.contract import Account, Fetched, Outcome, SendError
from app.providers.twilio import provider as twilio_provider
from app.tenancy import tenant_scope
from tests.conftest import SID, TOKEN
from tests.support import twilio as twilio_posts
from tests.support.browser import Browser
from tests.support.carrier import OWN, Carrier
from tests.support.poison import breaks, parked
from tests.support.world import NOON, Business

PNG = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="
)
KEPT = f"https://api.twilio.com/2010-04-01/Accounts/{SID}/Messages/MM{'1' * 32}/Media"
PATH = f"{KEPT}/ME"
POISONED = "e" * 32
HALF_HOUR = timedelta(minutes=30)
LATER = NOON + timedelta(days=3650)


def send_picture(carrier: Carrier, business: Business) -> str:
    """A telephone sends a picture; the URL that Twilio would name in the webhook."""
    sent = requests.post(
        f"{carrier.url}/simulator/phones/{business.customer_number}/send",
        json={
            "to": business.number,
            "channel": "sms",
            "body": "Look",
            "media": [{"data": base64.b64encode(PNG).decode(), "name": "a.png"}],
        },
        timeout=5,
    ).json()
    return f"https://api.twilio.com{sent['media'][0]['uri'].removesuffix('.json')}"


def receive(business: Business, url: str, kind: str = "image/png", body: str = "Look") -> int:
    """The webhook with that attachment; the id of its row."""
    more = {"NumMedia": "1", "MediaUrl0": url, "MediaContentType0": kind}
    assert twilio_posts.text(business, body, **more).status_code == 200
    with tenant_scope(business.id):
        return db.session.scalars(select(Media.id).order_by(Media.id.desc())).first() or 0


def state(business: Business, id_: int) -> tuple[str, str | None]:
    db.session.rollback()
    with tenant_scope(business.id):
        row = db.session.scalars(select(Media).where(Media.id == id_)).one()
        return row.state, row.error


def test_a_picture_is_fetched_and_shown_in_the_thread(
    twilio: Carrier, salon: Business, staff: Browser
) -> None:
    id_ = receive(salon, send_picture(twilio, salon))
    assert "Fetching an attachment" in staff.get(f"/messages/{salon.customer_id}").text
    assert media_fetch.fetch_due(LATER) == 1
    page = staff.get(f"/messages/{salon.customer_id}").text
    assert f'src="/media/{id_}"' in page
    shown = staff.get(f"/media/{id_}")
    assert (shown.mimetype, shown.data) == ("image/png", PNG)


def test_a_message_of_a_picture_alone_says_so_in_the_list(
    twilio: Carrier, salon: Business, staff: Browser
) -> None:
    more = {"NumMedia": "1", "MediaUrl0": "https://x", "MediaContentType0": "image/png"}
    twilio_posts.text(salon, "", **more)
    assert "Picture" in staff.get("/messages?part=list").text
    twilio_posts.text(salon, "\u200b", **more | {"MediaContentType0": "audio/ogg"})
    assert "Voice note" in staff.get("/messages?part=list").text
    assert 'class="msg-body">\u200b' not in staff.get(f"/messages/{salon.customer_id}").text


def test_another_business_does_not_see_it(
    twilio: Carrier, salon: Business, garage: Business
) -> None:
    id_ = receive(salon, send_picture(twilio, salon))
    media_fetch.fetch_due(LATER)
    assert Browser(garage.staff).get(f"/media/{id_}").status_code == 404


@pytest.mark.parametrize(
    "url",
    [
        "https://evil.example/x",
        "http://169.254.169.254/latest/meta-data",
        "file:///etc/passwd",
        "https://api.twilio.com/2010-04-01/Accounts/../../secret",
        f"https://api.twilio.com/2010-04-01/Accounts/{SID}/Messages.json",
        f"{KEPT}/%2e%2e/ME{'1' * 32}",
        f"{PATH}{'1' * 32}.json",
        f"{PATH}{'1' * 31}g",
        # Of another account, which vouched for nothing here.
        f"{PATH}{'1' * 32}".replace(SID, OWN[0]),
        "//",
    ],
)
def test_what_is_not_twilios_is_never_asked_for(twilio: Carrier, salon: Business, url: str) -> None:
    id_ = receive(salon, url)
    media_fetch.fetch_due(LATER)
    assert state(salon, id_) == ("failed", "The attachment is not kept by Twilio.")


def test_a_file_that_drips_is_given_up_before_another_worker_may_fetch_it(
    twilio: Carrier, salon: Business, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert timedelta(seconds=twilio_provider.MEDIA_SECONDS) < media_fetch.LEASE
    id_ = receive(salon, send_picture(twilio, salon))
    monkeypatch.setattr(twilio_provider, "MEDIA_SECONDS", -1.0)
    media_fetch.fetch_due(LATER)
    assert state(salon, id_)[0] == "waiting"


def test_what_twilio_no_longer_has_is_said(
    twilio: Carrier, salon: Business, staff: Browser
) -> None:
    id_ = receive(salon, f"{PATH}{'1' * 32}")
    media_fetch.fetch_due(LATER)
    assert state(salon, id_)[0] == "failed"
    assert "no longer has" in staff.get(f"/messages/{salon.customer_id}").text


def test_a_twilio_that_is_away_is_asked_again_and_not_for_ever(salon: Business) -> None:
    id_ = receive(salon, f"{PATH}{'1' * 32}")
    assert media_fetch.fetch_due(LATER) == 1
    assert state(salon, id_)[0] == "waiting"
    for days in range(1, media_fetch.MOST_ATTEMPTS):
        media_fetch.fetch_due(LATER + timedelta(days=days))
    assert state(salon, id_)[0] == "failed"


def test_an_attachment_is_put_off_from_the_time_of_its_failure_and_others_have_their_turn(
    salon: Business, monkeypatch: pytest.MonkeyPatch
) -> None:
    ids = [receive(salon, f"{PATH}{number:032}") for number in range(2)]
    redis_client().flushdb()
    # Each look at the clock is half an hour after the one before.
    monkeypatch.setattr(
        media_fetch, "running", lambda now: accumulate(repeat(HALF_HOUR), initial=now).__next__
    )
    assert media_fetch.fetch_due(LATER) == 1
    with tenant_scope(salon.id):
        put_off = sorted(db.session.get_one(Media, id_).fetch_after for id_ in ids)[1]
    assert put_off == LATER + HALF_HOUR + media_fetch.LEASE
    assert redis_client().llen(f"rq:queue:{tasks.WorkerQueue.SLOW}") == 1, (
        "it rang for the other one"
    )


def test_a_picture_is_shown_from_the_browsers_store_only_to_who_may_see_it(
    salon: Business, garage: Business, staff: Browser
) -> None:
    with tenant_scope(salon.id):
        path = f"/media/{db.session.scalars(select(Media.id)).one()}"
    first = staff.get(path)
    assert first.headers["Cache-Control"] == "private, no-cache"
    ask = {"headers": {"If-None-Match": first.headers["ETag"]}}
    again = staff.get(path, **ask)
    assert (again.status_code, again.data) == (304, b"")
    assert again.headers["Cache-Control"] == "private, no-cache"
    assert Browser(garage.staff).get(path, **ask).status_code == 404
    staff.post("/logout")
    assert staff.get(path, **ask).status_code == 302


def test_what_is_downloaded_is_not_kept(salon: Business, staff: Browser) -> None:
    with tenant_scope(salon.id):
        row = db.session.scalars(select(Media)).one()
        row.content = b"%PDF-1.7"
        db.session.commit()
        answer = staff.get(f"/media/{row.id}")
    assert (answer.headers["Cache-Control"], "ETag" in answer.headers) == ("no-store", False)


@pytest.mark.parametrize(
    "content", [b"<svg onload='alert(1)'>", b"<html><script>alert(1)</script>", b"%PDF-1.7"]
)
def test_what_could_run_is_only_downloaded(salon: Business, staff: Browser, content: bytes) -> None:
    with tenant_scope(salon.id):
        row = db.session.scalars(select(Media)).one()
        row.content, row.content_type = content, "image/svg+xml"
        db.session.commit()
        answer = staff.get(f"/media/{row.id}")
    assert answer.mimetype == "application/octet-stream"
    assert answer.headers["Content-Disposition"].startswith("attachment")
    assert "sandbox" in answer.headers["Content-Security-Policy"]


def keep(business: Business, content: bytes, content_type: str, name: str = "") -> int:
    """The business's attachment is that file; its id."""
    with tenant_scope(business.id):
        row = db.session.scalars(select(Media)).one()
        row.content, row.content_type, row.name = content, content_type, name
        db.session.commit()
        return row.id


def test_a_document_that_comes_with_its_name_is_named_once(salon: Business, staff: Browser) -> None:
    id_ = keep(salon, b"%PDF-1.7", "application/pdf", "Plan B.pdf")
    path = f"/messages/{salon.customer_id}?part=thread"
    for body, times in (("Plan B.pdf", 1), ("Here is Plan B.pdf", 2)):
        with tenant_scope(salon.id):
            row = db.session.get_one(Media, id_)
            row.state = "stored"
            db.session.get_one(Message, row.message_id).body = body
            db.session.commit()
        assert staff.get(path).text.count("Plan B.pdf") == times


@pytest.mark.parametrize(
    ("content_type", "name", "header"),
    [
        ("application/pdf", "", 'attachment; filename="Attachment {id}.pdf"'),
        ("text/vcard", "", 'attachment; filename="Contact card {id}.vcf"'),
        ("audio/ogg", "", 'attachment; filename="Voice note {id}.ogg"'),
        (
            "application/pdf",
            "Garçon €.pdf",
            "attachment; filename*=UTF-8''Gar%C3%A7on%20%E2%82%AC.pdf",
        ),
        ("application/pdf", 'a";b.pdf', 'attachment; filename="a\\";b.pdf"'),
    ],
)
def test_a_download_has_a_name_with_the_ending_of_its_type(
    salon: Business, staff: Browser, content_type: str, name: str, header: str
) -> None:
    id_ = keep(salon, b"anything", content_type, name)
    told = staff.get(f"/media/{id_}").headers["Content-Disposition"]
    wanted = header.format(id=id_)
    assert told == wanted or told.endswith(wanted.removeprefix("attachment"))


@pytest.mark.parametrize("content_type", ["image/heic", "image/tiff", "image/svg+xml"])
def test_a_picture_that_no_browser_shows_is_offered_as_a_download(
    salon: Business, staff: Browser, content_type: str
) -> None:
    id_ = keep(salon, b"<svg onload='alert(1)'>", content_type)
    page = staff.get(f"/messages/{salon.customer_id}").text
    assert f'src="/media/{id_}"' not in page
    assert f'href="/media/{id_}" download' in page
    assert f"Picture {id_}.{content_type[6:9]}" in page


def test_what_is_fetched_keeps_its_name_and_says_what_it_is(
    twilio: Carrier, salon: Business, monkeypatch: pytest.MonkeyPatch
) -> None:
    told = {"a" * 32: "../Plan\u202e.pdf", "b" * 32: "", "c" * 32: "x.jpg", "d" * 32: "photo"}
    content = {"c" * 32: b"MZ", "d" * 32: PNG}

    def fetch(_self: object, _account: Account, url: str) -> Fetched:
        return Fetched(content.get(url[-32:], b"%PDF-1.7"), told[url[-32:]])

    monkeypatch.setattr(twilio_provider.TwilioProvider, "fetch", fetch)
    pdf = "application/pdf"
    named = receive(salon, f"{PATH}{'a' * 32}", pdf)
    said = receive(salon, f"{PATH}{'b' * 32}", pdf, body="Invoice 12.pdf")
    # A picture by its type alone, and one that its type hid.
    forged = receive(salon, f"{PATH}{'c' * 32}", "image/jpeg")
    hidden = receive(salon, f"{PATH}{'d' * 32}", "application/octet-stream")
    media_fetch.fetch_due(LATER)
    with tenant_scope(salon.id):
        rows = db.session.scalars(select(Media))
        names = {row.id: (row.file_name, row.is_picture) for row in rows}
    assert names[named] == ("Plan.pdf", False)
    assert names[said] == ("Invoice 12.pdf", False)
    assert names[forged] == ("x.jpg.bin", False)
    assert names[hidden] == ("photo.png", True)


@pytest.mark.parametrize(
    ("header", "name"),
    [
        ('inline; filename="Plan B.pdf"', "Plan B.pdf"),
        ("attachment; filename*=UTF-8''caf%C3%A9.pdf", "café.pdf"),
        # As some send it, in bytes of UTF-8.
        ('attachment; filename="café.pdf"'.encode().decode("latin-1"), "café.pdf"),
        ('attachment; filename="unfinished', ""),
        (f"inline; filename=ME{'a' * 32}.pdf", ""),
        ("", ""),
    ],
)
def test_the_name_stands_in_the_header_of_what_is_fetched(
    twilio: Carrier, salon: Business, monkeypatch: pytest.MonkeyPatch, header: str, name: str
) -> None:
    answer = requests.Response()
    answer.status_code, answer.raw = 200, HTTPResponse(BytesIO(PNG), preload_content=False)
    answer.headers["Content-Disposition"] = header
    carrier = provider("twilio")
    assert carrier
    monkeypatch.setattr(carrier, "_get", lambda *_args: answer)
    fetched = carrier.fetch(Account(SID, TOKEN), f"{PATH}{'1' * 32}")
    assert (fetched.content, fetched.name) == (PNG, name)


def test_the_provider_refuses_to_follow_twilio_elsewhere(
    twilio: Carrier, monkeypatch: pytest.MonkeyPatch, salon: Business
) -> None:
    moved = requests.Response()
    moved.status_code = 307
    moved.headers["Location"] = "http://169.254.169.254/latest"
    carrier = provider("twilio")
    assert carrier
    monkeypatch.setattr(carrier, "_get", lambda *_args: moved)
    with pytest.raises(SendError) as error:
        carrier.fetch(Account(SID, TOKEN), f"{PATH}{'1' * 32}")
    assert error.value.outcome is Outcome.REFUSED


def test_an_attachment_that_breaks_us_stops_no_other_and_is_parked(
    twilio: Carrier, salon: Business, garage: Business, monkeypatch: pytest.MonkeyPatch
) -> None:
    breaks(monkeypatch, media_fetch, "_download", mark=POISONED)
    first = receive(salon, send_picture(twilio, salon))
    poison = receive(salon, f"{PATH}{POISONED}")
    last = receive(garage, send_picture(twilio, garage))
    assert media_fetch.fetch_due(LATER) == 3
    assert (state(salon, first)[0], state(garage, last)[0]) == ("stored", "stored")
    for days in range(1, media_fetch.MOST_ATTEMPTS):
        assert (state(salon, poison)[0], parked(salon)) == ("waiting", [])
        assert media_fetch.fetch_due(LATER + timedelta(days=days)) == 1
    assert state(salon, poison) == ("failed", media_fetch.NOT_FETCHED)
    [aside] = parked(salon)
    assert (aside.media_id, aside.attempts) == (poison, media_fetch.MOST_ATTEMPTS)
    assert aside.reason.startswith("Broken in app/inbound/media_fetch.py")
    assert media_fetch.fetch_due(LATER + timedelta(days=99)) == 0


def test_an_attachment_that_ends_its_worker_each_time_is_parked(salon: Business) -> None:
    id_ = receive(salon, f"{PATH}{'1' * 32}")
    with tenant_scope(salon.id):
        db.session.get_one(Media, id_).attempts = media_fetch.MOST_ATTEMPTS
        db.session.commit()
    media_fetch.fetch_due(LATER)
    assert state(salon, id_)[0] == "failed"
    assert "ended" in parked(salon)[0].reason


def test_a_twilio_that_stays_away_leaves_an_attachment_to_the_operator(salon: Business) -> None:
    receive(salon, f"{PATH}{'1' * 32}")
    for days in range(media_fetch.MOST_ATTEMPTS):
        media_fetch.fetch_due(LATER + timedelta(days=days))
    assert parked(salon)[0].reason == "The attachment could not be fetched."
