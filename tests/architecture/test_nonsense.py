"""What makes no sense is refused, or finds nothing; it breaks no page and leads nowhere else."""

from flask import current_app

from tests.support.browser import Browser
from tests.support.world import Business


def test_a_slug_that_nobody_can_have_is_not_found(app: object, salon: Business) -> None:
    for slug in ("%00", "salon%00", "nobody", "..", "a" * 3000, "%F0%9F%92%87"):
        for route in ("sms", "whatsapp", "message-status"):
            path = f"/api/twilio/{slug}/{route}"
            answer = current_app.test_client().post(path, data={"MessageSid": "SM1"})
            assert answer.status_code == 404, path


def test_addresses_to_return_to_lead_nowhere_else(salon: Business, admin: Browser) -> None:
    for url in (
        "//evil.example",
        "https://evil.example/",
        "/\t/evil.example",
        "/\\evil.example",
        "\\\\evil.example",
        "/\n/evil.example",
        " //evil.example",
        "javascript:alert(1)//evil.example",
        "http:evil.example",
        "http:///evil.example",
        "evil.example",
    ):
        for path in (
            "services/",
            "services/new/",
            "services/edit/",
            "customers/details/",
        ):
            page = admin.get(f"/admin/{path}", query_string={"url": url, "id": "2"})
            assert page.status_code == 400, f"{path} {url!r}"
        form = {"name": "Dye", "duration_minutes": "30", "url": url}
        assert admin.post("/admin/services/new/", data=form).status_code == 400
        assert (
            admin.post("/admin/services/delete/", data={"id": "2", "url": url}).status_code == 400
        )
    back = "/admin/services/?search=a+b&flt0_minutes_equals=60"
    form = {"name": "Dye", "duration_minutes": "30"}
    saved = admin.post("/admin/services/new/", query_string={"url": back}, data=form)
    assert saved.location == back
