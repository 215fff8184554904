"""A hostile tenant: whatever it looks up, searches or filters, it sees nothing of another's."""

from collections.abc import Iterator

from flask import current_app

from app import live
from tests.architecture.probes import MARK, Onlooker, browser
from tests.architecture.tries import PANELS, own
from tests.support.browser import Browser
from tests.support.world import Business

WITHIN = ("staff", "tenant_admin", "operator inside")


def test_no_page_list_search_filter_or_export_shows_the_stranger(
    salon: Business, garage: Business, onlooker: Onlooker
) -> None:
    ours = own(onlooker, salon)
    for role in WITHIN:
        person = browser(role, salon)
        for path in pages(person, ours):
            answer = person.get(path, buffered=True)
            where = f"{role}: {path} → {answer.status_code}"
            assert answer.status_code in ((200, 403) if role == "staff" else (200,)), where
            assert MARK not in answer.text, where


def pages(person: Browser, ours: dict[str, int]) -> Iterator[str]:
    """Every page that shows rows, with searches for what only the stranger has."""
    yield "/admin/"
    yield "/admin/business/"
    yield "/settings/notifications"
    yield "/tomorrow"
    yield f"/settings/message-templates/{ours['message_template']}"
    yield f"/messages/{ours['customer']}"
    for search in ("", "?q=ebra", "?q=zebr&part=list", "?unread=1", "?channel=sms", "?after=9_9"):
        yield f"/messages{search}"
    yield f"/calendar/{ours['appointment']}"
    yield "/calendar?day=2026-11-19"
    yield "/calendar?day=2026-11-19&view=week"
    yield "/calendar/new"
    yield "/calendar/customers?query=ebra"
    for path, (table, _) in PANELS.items():
        if table == "tenant":
            continue
        yield f"/admin/{path}/export/csv/"
        yield f"/admin/{path}/export/csv/?search=ebra"
        yield f"/admin/{path}/details/?id={ours[table]}"
        if path != "messages":
            yield f"/admin/{path}/edit/?id={ours[table]}"
            yield f"/admin/{path}/new/"
        listing = f"/admin/{path}/"
        yield listing
        yield f"{listing}?search=ebra"
        for column in range(0, 8, 3):
            yield f"{listing}?sort={column}&desc=1"


def test_the_premise_the_mark_is_seen_by_the_stranger(
    salon: Business, garage: Business, onlooker: Onlooker
) -> None:
    person = Browser(garage.admin)
    ours = own(onlooker, garage)
    blind = [
        path for path in pages(person, ours) if MARK not in person.get(path, buffered=True).text
    ]
    searches = ("ebra", "?unread", "part=list", "?after", "/new/")
    assert [path for path in blind if not any(s in path for s in searches)] == []


def test_lookups_find_only_our_rows(
    salon: Business, garage: Business, onlooker: Onlooker, admin: Browser
) -> None:
    for path, names in (
        ("appointments", ("customer", "service", "staff_member")),
        ("calls", ("customer",)),
    ):
        for name in names:
            for query in ("", "e", "ebra", "%", "_", "\\", "a' OR 1=1"):
                found = admin.get(
                    f"/admin/{path}/ajax/lookup/", query_string={"name": name, "query": query}
                )
                assert found.status_code == 200
                assert MARK not in found.text, found.text
            assert admin.get(f"/admin/{path}/ajax/lookup/?name={name}&query=").json, "finds ours"


def test_filters_show_only_our_rows_and_stand_nonsense(
    salon: Business, garage: Business, onlooker: Onlooker, operator: Browser
) -> None:
    operator.post(f"/admin/tenants/enter/{salon.id}")
    values = (
        "zebra",
        "\x00",
        str(2**70),
        "queued,bogus",
        "1970-01-01 00:00:00 to 2100-01-01 00:00:00",
        "0001-01-01 00:00:00 to 9999-12-31 23:59:59",
        "2026-02-30 00:00:00 to 2026-13-01 00:00:00",
        " to ",
    )
    for path in PANELS:
        names = filter_names(path)
        assert names, f"{path} can be filtered"
        for name in names:
            for value in values:
                answer = operator.get(f"/admin/{path}/", query_string={f"flt0_{name}": value})
                where = f"{path} {name}={value!r} → {answer.status_code}"
                assert answer.status_code in (200, 400, 404), where
                shown = answer.text.replace(value, "") if value else answer.text
                assert path == "tenants" or MARK not in shown, where


def filter_names(path: str) -> list[str]:
    """How a panel's filters are called in its addresses."""
    endpoint = path.replace("-", "_")
    function = current_app.view_functions[f"{endpoint}.index_view"]
    panel = next(
        view
        for view in current_app.extensions["admin"][0]._views
        if view.endpoint == endpoint and function
    )
    return [panel.get_filter_arg(i, f) for i, f in enumerate(panel._filters or ())]


def test_the_live_stream_tells_of_our_customers_only(
    salon: Business, garage: Business, staff: Browser
) -> None:
    answer = staff.get("/live")
    assert answer.mimetype == "text/event-stream"
    events = iter(answer.response)
    heard = [next(events)]
    # Ours come after each of theirs, so that a wrong one would have been heard before.
    while not any(str(salon.customer_id) in str(event) for event in heard):
        live.publish(garage.id, 777_000)
        live.publish(salon.id, salon.customer_id)
        heard.append(next(events))
    answer.close()
    assert "777000" not in str(heard)
