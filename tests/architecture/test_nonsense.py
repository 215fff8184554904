"""What makes no sense is refused, or finds nothing; it breaks no page and leads nowhere else."""

from flask import current_app

from tests.architecture.tries import PANELS
from tests.support.browser import Browser
from tests.support.world import Business


def test_lookups_and_lists_stand_nonsense(salon: Business, admin: Browser, staff: Browser) -> None:
    lookup = "/admin/appointments/ajax/lookup/"
    huge = str(2**70)
    for query in (
        {"name": "customer"},
        {"name": "customer", "query": "a", "offset": "-1"},
        {"name": "customer", "query": "a", "limit": "-5"},
        {"name": "customer", "query": "a", "limit": huge},
        {"name": "customer", "query": "a", "offset": huge},
        {"name": "customer", "query": "\x00"},
        {"name": "password", "query": "a"},
        {"query": "a"},
        {},
    ):
        assert admin.get(lookup, query_string=query).status_code in (200, 404), query
    for path in PANELS:
        for query in (
            {"page": "-1"},
            {"page": huge},
            {"page_size": "-1"},
            {"page_size": huge},
            {"sort": "99"},
            {"sort": "-1"},
            {"sort": huge},
            {"desc": huge},
            {"search": "\x00"},
            {"search": "'"},
            {"search": "%_\\"},
            {"search": "a" * 3000},
        ):
            answer = admin.get(f"/admin/{path}/", query_string=query)
            assert answer.status_code in (200, 404, 403), f"{path} {query}"
    for query in (
        {"q": "\x00"},
        {"q": "' & ! ( ) : * \\ <->"},
        {"q": "\\"},
        {"q": "'"},
        {"q": "a" * 3000},
        {"channel": "\x00"},
        {"channel": "nothing"},
        {"after": "9999-12-31T23:59:59+00:00_1"},
        {"after": "0001-01-01_1"},
        {"after": "2026-01-01_-1"},
        {"after": "2026-01-01_99999999999999999999"},
        {"after": "\x00_\x00"},
        {"part": "\x00"},
    ):
        assert staff.get("/messages", query_string=query).status_code in (200, 400, 404), query
        asked = staff.get("/messages", query_string=query, headers={"Accept": "application/json"})
        assert asked.status_code in (200, 400, 404), query
    for before in ("x", "-1", huge, "\x00", "1"):
        page = staff.get(f"/messages/{salon.customer_id}", query_string={"before": before})
        assert page.status_code in (200, 404), before


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
