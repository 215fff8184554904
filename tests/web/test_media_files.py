"""What the pages of a business may play, and what is only offered as a download."""

from sqlalchemy import select

from app.extensions import db
from app.lib.safe_media import kept_as
from app.models import Media
from app.tenancy import tenant_scope
from tests.support.browser import Browser
from tests.support.world import Business

OGG = b"OggS" + bytes(200)


def _keep(business: Business, content_type: str, content: bytes, name: str = "") -> int:
    with tenant_scope(business.id):
        media = db.session.scalars(select(Media)).one()
        media.content_type, media.content = kept_as(content_type, content), content
        media.name = name
        db.session.commit()
        return media.id


def test_a_voice_note_is_played_in_parts_and_a_film_or_a_lie_is_not(
    salon: Business, garage: Business, staff: Browser
) -> None:
    thread = f"/messages/{salon.customer_id}"
    voice = _keep(salon, "audio/ogg; codecs=opus", OGG)
    assert f'<audio controls preload="none" src="/media/{voice}">' in staff.get(thread).text
    whole = staff.get(f"/media/{voice}")
    assert (whole.status_code, whole.mimetype, whole.data) == (200, "audio/ogg", OGG)
    part = staff.get(f"/media/{voice}", headers={"Range": "bytes=2-5"})
    assert (part.status_code, part.data) == (206, OGG[2:6])
    for content_type, content in (("audio/ogg", b"<script>"), ("image/heic", b"heic")):
        _keep(salon, content_type, content)
        assert "<audio" not in staff.get(thread).text
        answer = staff.get(f"/media/{voice}")
        assert answer.mimetype == "application/octet-stream"
        assert answer.headers["Content-Disposition"].startswith("attachment")


def test_an_unknown_file_is_offered_by_its_name_however_long(
    salon: Business, staff: Browser
) -> None:
    name = "x" * 300
    _keep(salon, "image/heic", b"heic", name)
    assert f"{name}.heic</a>" in staff.get(f"/messages/{salon.customer_id}").text
