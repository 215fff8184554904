"""A hostile tenant: whatever id it sends, it neither sees nor changes another's row."""

from collections.abc import Iterator
from typing import Any

import pytest

from app.lib.status import MessageStatus
from tests.architecture.probes import ROLES, Onlooker, browser
from tests.architecture.tries import PANELS, Try, check
from tests.support import world
from tests.support.world import Business

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
    yield Try("POST", f"/messages/{id_}/done/1", {})
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
