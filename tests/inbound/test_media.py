"""Pictures are fetched from Twilio alone, kept with the message, and shown to that business."""

import base64
from datetime import timedelta
from itertools import accumulate, repeat

import pytest
import requests
from sqlalchemy import select

from app import tasks
from app.extensions import db, doorbell
from app.inbound import media
from app.models import Media
from app.providers import provider
from app.providers.base import Account, Outcome, SendError
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


def receive(business: Business, url: str, kind: str = "image/png") -> int:
    """The webhook with that attachment; the id of its row."""
    more = {"NumMedia": "1", "MediaUrl0": url, "MediaContentType0": kind}
    assert twilio_posts.text(business, "Look", **more).status_code == 200
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
    assert media.fetch_due(LATER) == 1
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


def test_another_business_does_not_see_it(
    twilio: Carrier, salon: Business, garage: Business
) -> None:
    id_ = receive(salon, send_picture(twilio, salon))
    media.fetch_due(LATER)
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
    media.fetch_due(LATER)
    assert state(salon, id_) == ("failed", "The attachment is not kept by Twilio.")


def test_a_file_that_drips_is_given_up_before_another_worker_may_fetch_it(
    twilio: Carrier, salon: Business, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert timedelta(seconds=twilio_provider.MEDIA_SECONDS) < media.LEASE
    id_ = receive(salon, send_picture(twilio, salon))
    monkeypatch.setattr(twilio_provider, "MEDIA_SECONDS", -1.0)
    media.fetch_due(LATER)
    assert state(salon, id_)[0] == "waiting"


def test_what_twilio_no_longer_has_is_said(
    twilio: Carrier, salon: Business, staff: Browser
) -> None:
    id_ = receive(salon, f"{PATH}{'1' * 32}")
    media.fetch_due(LATER)
    assert state(salon, id_)[0] == "failed"
    assert "no longer has" in staff.get(f"/messages/{salon.customer_id}").text


def test_a_twilio_that_is_away_is_asked_again_and_not_for_ever(salon: Business) -> None:
    id_ = receive(salon, f"{PATH}{'1' * 32}")
    assert media.fetch_due(LATER) == 1
    assert state(salon, id_)[0] == "waiting"
    for days in range(1, media.MOST_ATTEMPTS):
        media.fetch_due(LATER + timedelta(days=days))
    assert state(salon, id_)[0] == "failed"


def test_an_attachment_is_put_off_from_the_time_of_its_failure_and_others_have_their_turn(
    salon: Business, monkeypatch: pytest.MonkeyPatch
) -> None:
    ids = [receive(salon, f"{PATH}{number:032}") for number in range(2)]
    doorbell().flushdb()
    # Each look at the clock is half an hour after the one before.
    monkeypatch.setattr(
        media, "running", lambda now: accumulate(repeat(HALF_HOUR), initial=now).__next__
    )
    assert media.fetch_due(LATER) == 1
    with tenant_scope(salon.id):
        put_off = sorted(db.session.get_one(Media, id_).fetch_after for id_ in ids)[1]
    assert put_off == LATER + HALF_HOUR + media.LEASE
    assert doorbell().llen(f"rq:queue:{tasks.Lane.SLOW}") == 1, "it rang for the other one"


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
    breaks(monkeypatch, media, "_download", mark=POISONED)
    first = receive(salon, send_picture(twilio, salon))
    poison = receive(salon, f"{PATH}{POISONED}")
    last = receive(garage, send_picture(twilio, garage))
    assert media.fetch_due(LATER) == 3
    assert (state(salon, first)[0], state(garage, last)[0]) == ("stored", "stored")
    for days in range(1, media.MOST_ATTEMPTS):
        assert (state(salon, poison)[0], parked(salon)) == ("waiting", [])
        assert media.fetch_due(LATER + timedelta(days=days)) == 1
    assert state(salon, poison) == ("failed", media.NOT_FETCHED)
    [aside] = parked(salon)
    assert (aside.media_id, aside.attempts) == (poison, media.MOST_ATTEMPTS)
    assert aside.reason.startswith("Broken in app/inbound/media.py")
    assert media.fetch_due(LATER + timedelta(days=99)) == 0


def test_an_attachment_that_ends_its_worker_each_time_is_parked(salon: Business) -> None:
    id_ = receive(salon, f"{PATH}{'1' * 32}")
    with tenant_scope(salon.id):
        db.session.get_one(Media, id_).attempts = media.MOST_ATTEMPTS
        db.session.commit()
    media.fetch_due(LATER)
    assert state(salon, id_)[0] == "failed"
    assert "ended" in parked(salon)[0].reason


def test_a_twilio_that_stays_away_leaves_an_attachment_to_the_operator(salon: Business) -> None:
    receive(salon, f"{PATH}{'1' * 32}")
    for days in range(media.MOST_ATTEMPTS):
        media.fetch_due(LATER + timedelta(days=days))
    assert parked(salon)[0].reason == "The attachment could not be fetched."
