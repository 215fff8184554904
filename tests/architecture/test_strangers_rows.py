"""A hostile tenant: whatever id, key or search it sends, it neither sees nor changes another's."""

import re
from collections.abc import Iterator
from typing import Any, NamedTuple

import pytest
from flask import current_app
from werkzeug.test import TestResponse

from app import live
from app.lib.status import MessageStatus
from app.tenancy import tenant_in_scope
from tests.architecture.probes import MARK, ROLES, Onlooker, browser
from tests.support import twilio, world
from tests.support.browser import Browser
from tests.support.world import Business

WITHIN = ("staff", "tenant_admin", "operator inside")
# The panel's path, its table, and a form that it would accept of us.
PANELS: dict[str, tuple[str, dict[str, str]]] = {
    "customers": ("customer", {"first_name": "Mine"}),
    "appointments": (
        "appointment",
        {"starts_at": "2026-12-01 10:00", "duration_minutes": "30", "status": "scheduled"},
    ),
    "calls": (
        "call",
        {"caller": "+12125550199", "outcome": "missed", "started_at": "2026-12-01 10:00"},
    ),
    "messages": ("message", {"body": "Mine"}),
    "whatsapp-templates": (
        "whatsapp_template",
        {"name": "Mine", "language": "en", "content_sid": "HX" + "d" * 32, "body": "Mine"},
    ),
    "services": ("service", {"name": "Mine", "duration_minutes": "30"}),
    "staff-members": ("staff_member", {"name": "Mine"}),
    "users": ("user", {"name": "Mine", "email": "mine@salon.test", "role": "staff", "active": "y"}),
    "tenants": (
        "tenant",
        {"name": "Mine", "timezone": "America/New_York", "country": "US"},
    ),
}
NO_IDS = (
    "-1",
    "1,2",
    " 1",
    "1_0",
    "\u0661",
    "1\x00",
    "' OR 1=1",
    str(2**31),
    str(2**63 - 1),
    str(2**63),
    str(10**30),
    "9" * 5000,
)


class Try(NamedTuple):
    """One request of somebody who means no good."""

    method: str
    path: str
    form: dict[str, Any] | None = None
    json: dict[str, Any] | None = None
    query: dict[str, Any] | None = None

    def send(self, person: Browser) -> TestResponse:
        if self.method == "GET":
            return person.get(self.path, query_string=self.query)
        body = {"json": self.json} if self.json is not None else {"data": self.form}
        return person.send(self.method, self.path, query_string=self.query, **body)


def own(onlooker: Onlooker, salon: Business) -> dict[str, int]:
    tables = {table for table, _ in PANELS.values()} - {"tenant"} | {"message_template"}
    return {table: onlooker.some(table, salon.id) for table in tables}


def panel_tries(path: str, id_: Any, form: dict[str, str]) -> Iterator[Try]:
    """Every route of a panel that takes the id of a row."""
    base = f"/admin/{path}"
    yield Try("GET", f"{base}/details/", query={"id": id_})
    yield Try("GET", f"{base}/edit/", query={"id": id_})
    yield Try("POST", f"{base}/edit/", form, query={"id": id_})
    yield Try("POST", f"{base}/delete/", {"id": id_})
    yield Try("POST", f"{base}/ajax/update/", {"list_form_pk": id_, **form})
    if path not in ("messages", "tenants"):
        yield Try("POST", f"{base}/action/", {"action": "delete", "rowid": id_})


def inbox_tries(id_: Any) -> Iterator[Try]:
    """Every route of the inbox that takes the id of a customer."""
    for query in ({}, {"part": "thread"}, {"part": "channels"}, {"part": "list"}):
        yield Try("GET", f"/messages/{id_}", query=query)
    message = {"customer_id": id_, "channel": "sms", "body": "Hello"}
    yield Try("POST", f"/messages/{id_}/read", {"up_to": "99999"})
    yield Try("POST", f"/messages/{id_}/read", json={"up_to": 99999})
    yield Try("POST", "/messages/send", message)
    yield Try("POST", "/messages/send", json=message)


def template_tries(id_: Any, customer_id: Any) -> Iterator[Try]:
    """Every route of the templates that takes the id of a row."""
    base, form = f"/settings/message-templates/{id_}", {"body": "Mine"}
    yield Try("GET", base)
    yield Try("POST", base, form)
    yield Try("PUT", base, json=form)
    yield Try("POST", f"{base}/restore", {})
    yield Try("POST", f"{base}/remove", {})
    named = {"type": "missed_call", "channel": "sms", "language": "en", "customer_id": customer_id}
    yield Try("POST", "/settings/message-templates/preview", form | named)


def calendar_tries(id_: Any) -> Iterator[Try]:
    """Every route of the calendar that takes the id of an appointment."""
    yield Try("GET", f"/calendar/{id_}")
    yield Try("POST", f"/calendar/{id_}/move", {"starts_at": "2026-12-01T10:00"})
    for deed in ("confirm", "complete", "no_show", "cancel", "reopen"):
        yield Try("POST", f"/calendar/{id_}/{deed}")


def refused(answer: TestResponse, role: str) -> bool:
    if answer.status_code in (401, 403, 404):
        return True
    elsewhere = {"anonymous": "/login", "operator outside": "/admin/tenants/"}.get(role)
    return elsewhere is not None and (answer.location or "").startswith(elsewhere)


def told(answer: TestResponse) -> list[str]:
    """What a page says is wrong."""
    return re.findall(
        r'(?:class="[^"]*(?:flash|alert|invalid|help)[^"]*"[^>]*>)\s*([^<]+)', answer.text
    )


def check(tries: Iterator[Try], person: Browser, role: str, onlooker: Onlooker) -> int:
    """Each is refused and changes nothing; how many there were."""
    tried = 0
    before = onlooker.picture()
    for one in tries:
        tried += 1
        answer = one.send(person)
        where = f"{role}: {str(one)[:300]} → {answer.status_code}"
        assert refused(answer, role), where
        assert MARK not in answer.text, where
        assert onlooker.picture() == before, where
        assert not tenant_in_scope(), where
    return tried


@pytest.mark.parametrize("role", ROLES)
def test_no_route_takes_the_id_of_a_strangers_row(
    role: str, salon: Business, garage: Business, onlooker: Onlooker
) -> None:
    person = browser(role, salon)
    for path, (table, form) in PANELS.items():
        # Businesses are an operator's own rows.
        if table != "tenant":
            id_ = onlooker.some(table, garage.id)
            assert check(panel_tries(path, id_, form), person, role, onlooker)
    assert check(inbox_tries(garage.customer_id), person, role, onlooker)
    template = onlooker.some("message_template", garage.id)
    assert check(template_tries(template, garage.customer_id), person, role, onlooker)
    theirs = onlooker.some("appointment", garage.id)
    assert check(calendar_tries(theirs), person, role, onlooker)
    message = world.say(garage, "Hello", status=MessageStatus.QUEUED)
    actions = [
        Try("POST", f"/messages/{customer}/{message}/{action}")
        for customer in (salon.customer_id, garage.customer_id)
        for action in ("undo", "now", "again")
    ]
    assert check(iter(actions), person, role, onlooker)
    media = onlooker.some("media", garage.id)
    assert check(iter([Try("GET", f"/media/{media}")]), person, role, onlooker)


def test_only_an_operator_reaches_a_business_by_its_id(
    salon: Business, garage: Business, onlooker: Onlooker
) -> None:
    for role in ("anonymous", "staff", "tenant_admin"):
        person = browser(role, salon)
        for id_ in (garage.id, salon.id):
            check(panel_tries("tenants", id_, PANELS["tenants"][1]), person, role, onlooker)
            check(iter([Try("POST", f"/admin/tenants/enter/{id_}")]), person, role, onlooker)


def test_what_is_no_id_is_not_found(salon: Business, onlooker: Onlooker) -> None:
    person = browser("operator inside", salon)
    for id_ in NO_IDS:
        for path, (_, form) in PANELS.items():
            check(panel_tries(path, id_, form), person, "operator inside", onlooker)
        check(inbox_tries(id_), person, "operator inside", onlooker)
        check(template_tries(id_, id_), person, "operator inside", onlooker)
        check(calendar_tries(id_), person, "operator inside", onlooker)
        for path in (f"/media/{id_}", f"/messages/{id_}"):
            check(iter([Try("GET", path)]), person, "operator inside", onlooker)
        if not id_.isdigit() or len(id_) > 1:
            # A single digit of any script is read as a number, and is a business.
            enter = Try("POST", f"/admin/tenants/enter/{id_}")
            check(iter([enter]), person, "operator inside", onlooker)


def test_one_strangers_row_among_ours_spoils_a_mass_deletion(
    salon: Business, garage: Business, onlooker: Onlooker
) -> None:
    person = browser("tenant_admin", salon)
    for path, (table, _) in PANELS.items():
        if path in ("messages", "tenants"):
            continue
        ids = [onlooker.some(table, salon.id), onlooker.some(table, garage.id)]
        for rows in (ids, ids[::-1]):
            form = {"action": "delete", "rowid": rows}
            mass = Try("POST", f"/admin/{path}/action/", form)
            check(iter([mass]), person, "tenant_admin", onlooker)


def forged(salon: Business, ours: dict[str, int], theirs: dict[str, int]) -> Iterator[Try]:
    """Forms of ours that point at rows of the stranger."""
    good = {
        "customer": str(ours["customer"]),
        "service": str(ours["service"]),
        "staff_member": str(ours["staff_member"]),
    }
    for field, id_ in (*theirs.items(), ("customer", "abc"), ("service", str(2**63))):
        if field not in good:
            continue
        form = PANELS["appointments"][1] | good | {field: str(id_)}
        yield Try("POST", "/admin/appointments/new/", form)
        yield Try("POST", "/admin/appointments/edit/", form, query={"id": ours["appointment"]})
    keys = {f"{field}_id": id_ for field, id_ in good.items()}
    for field, id_ in theirs.items():
        if f"{field}_id" in keys:
            form = keys | {"starts_at": "2026-12-01T10:00", f"{field}_id": str(id_)}
            yield Try("POST", "/calendar/new", form)
            if field != "customer":
                yield Try("POST", f"/calendar/{ours['appointment']}/move", form)
    call = PANELS["calls"][1] | {"customer": str(theirs["customer"])}
    yield Try("POST", "/admin/calls/new/", call)
    yield Try("POST", "/admin/calls/edit/", call, query={"id": ours["call"]})
    edit = {"id": ours["customer"]}
    for id_ in (theirs["contact_point"], "abc", 2**63, "1\x00"):
        point = {
            "contact_points-0-id": str(id_),
            "contact_points-0-channel": "sms",
            "contact_points-0-address": "+12125550177",
        }
        yield Try("POST", "/admin/customers/edit/", point, query=edit)
        yield Try("POST", "/admin/customers/new/", point)
        gone = point | {"del-contact_points-0": "on"}
        yield Try("POST", "/admin/customers/edit/", gone, query=edit)


def test_no_form_takes_a_forged_key(salon: Business, garage: Business, onlooker: Onlooker) -> None:
    ours, theirs = own(onlooker, salon), own(onlooker, garage)
    theirs["contact_point"] = onlooker.some("contact_point", garage.id)
    for role in ("tenant_admin", "operator inside"):
        check(forged(salon, ours, theirs), browser(role, salon), role, onlooker)


def test_the_forged_forms_would_be_taken_with_keys_of_our_own(
    salon: Business, onlooker: Onlooker, admin: Browser
) -> None:
    """The premise of the test above: only the key is wrong with them."""
    ours = own(onlooker, salon) | {"contact_point": onlooker.some("contact_point", salon.id)}
    for one in forged(salon, ours, ours):
        if any(bad in str(one) for bad in ("abc", str(2**63), "\\x00", "customers/new")):
            continue
        answer = one.send(admin)
        assert answer.status_code == 302, f"{one}: {told(answer)}"


def test_a_tenant_that_is_smuggled_into_a_form_changes_nothing(
    salon: Business, garage: Business, onlooker: Onlooker
) -> None:
    smuggled = {"tenant_id": str(garage.id), "tenant": str(garage.id), "id": "77777"}
    count = 'SELECT count(*) FROM "{}" WHERE tenant_id = :tenant OR id = 77777'
    keys = {"customer": str(salon.customer_id)}
    for role in ("tenant_admin", "operator inside"):
        person = browser(role, salon)
        for path, (table, form) in PANELS.items():
            if path in ("messages", "tenants"):
                continue
            before = onlooker.ask(count.format(table), tenant=garage.id)
            row = onlooker.some(table, salon.id)
            unique = {"name": f"Mine {role}", "email": f"{path}{len(role)}@salon.test"}
            unique["content_sid"] = f"HX{len(role):032x}"
            body = form | {k: v for k, v in unique.items() if k in form}
            body |= keys | smuggled | {"new_password": world.PASSWORD}
            made = Try("POST", f"/admin/{path}/new/", body).send(person)
            assert made.status_code == 302, f"{path}: {told(made)}"
            Try("POST", f"/admin/{path}/edit/", body, query={"id": row}).send(person)
            assert onlooker.ask(count.format(table), tenant=garage.id) == before, path
            owner = f'SELECT tenant_id FROM "{table}" WHERE id = :id'
            assert onlooker.ask(owner, id=row) == [(salon.id,)], path


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


def test_a_token_of_the_strangers_form_is_not_answered_with_their_message(
    salon: Business, garage: Business, onlooker: Onlooker, staff: Browser
) -> None:
    token = {"client_token": "same-token", "channel": "sms", "body": "Hello"}
    theirs = Browser(garage.staff).post(
        "/messages/send",
        json=token | {"customer_id": garage.customer_id},
        headers={"Accept": "application/json"},
    )
    ours = staff.post(
        "/messages/send",
        json=token | {"customer_id": salon.customer_id},
        headers={"Accept": "application/json"},
    )
    assert theirs.json and ours.json, f"{theirs.text} {ours.text}"
    assert theirs.json["id"] != ours.json["id"]
    assert ours.json["customer_id"] == salon.customer_id


def test_a_callback_for_the_strangers_message_changes_nothing(
    salon: Business, garage: Business, onlooker: Onlooker
) -> None:
    theirs = world.say(garage, "Hello", status=MessageStatus.ACCEPTED)
    names = "SELECT public_id::text, provider_sid FROM message WHERE id = :id"
    public_id, provider_sid = onlooker.ask(names, id=theirs)[0]
    before = onlooker.picture()
    form = {"MessageSid": provider_sid, "MessageStatus": "delivered", "To": "+1", "From": "+1"}
    for query in (f"?mid={public_id}", ""):
        answer = twilio.post(f"/api/twilio/{salon.slug}/message-status{query}", form)
        assert answer.status_code == 204
        assert onlooker.picture() == before
    answer = twilio.post(f"/api/twilio/{garage.slug}/message-status?mid={public_id}", form)
    assert onlooker.picture() != before, "the premise: it would have been taken of its own business"


def test_a_slug_that_nobody_can_have_is_not_found(app: object, salon: Business) -> None:
    for slug in ("%00", "salon%00", "nobody", "..", "a" * 3000, "%F0%9F%92%87"):
        for route in ("sms", "whatsapp", "message-status"):
            path = f"/api/twilio/{slug}/{route}"
            answer = current_app.test_client().post(path, data={"MessageSid": "SM1"})
            assert answer.status_code == 404, path


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
