"""A page of one business, used while another is in scope: 409, and nothing is changed."""

from collections.abc import Iterator

import pytest
from flask import Flask
from werkzeug.routing import Rule

from app.extensions import redis_client
from app.web.api.resources import RESOURCES
from tests.architecture.probes import Onlooker, browser
from tests.architecture.test_routes import address
from tests.support.browser import Browser
from tests.support.world import Business, operator

UNSAFE = {"POST", "PUT", "PATCH", "DELETE"}
# They name the business in their address, or work in none. Whatever else changes something is
# tried below.
FREE = {
    "security.login": "nobody is signed in yet",
    "security.logout": "works in no business",
    "password.change": "of whoever is signed in",
    "password.end": "the same",
    "second_step.ask": "nobody is signed in yet",
    "second_step.answer": "the same",
    "passkey_sign_in.options": "the same",
    "passkey_sign_in.sign_in": "the same",
    **{
        f"second_factor.{name}": "of whoever is signed in"
        for name in ("begin", "set_up", "renew", "turn_off", "remove_app")
    },
    **{
        f"passkeys.{name}": "of whoever is signed in"
        for name in ("begin", "create", "rename", "remove")
    },
    "sso.find": "nobody is signed in yet",
    "forgot_password.ask": "of whoever reads the mailbox",
    "forgot_password.reset": "its link names the user",
    "invitation.take": "its link names the business",
    "keyboard.switch": "the same",
    "tenants.create_view": "the operator's list of businesses",
    "tenants.edit_view": "the address names the business",
    "tenants.delete_view": "open to nobody",
    "tenants.action_view": "the operator's list of businesses",
    "tenants.ajax_update": "open to nobody",
    "tenants.enter": "the address names the business",
    "tenants.leave": "leaves whatever was entered",
    "platform_health.check": "what all businesses share",
    "parked.settle": "the work of all businesses",
    "webhooks.message": "the address names the business, and Twilio signs it",
    "webhooks.message_status": "the same",
    "meta_webhook.events": "each entry names an account, and Meta signs them all",
    "inbound_email.message": "the address names the business, and its token lets it in",
    "webhooks.answer": "the same",
    "webhooks.call_status": "the same",
    "webhooks.whisper": "the same",
    **{
        f"chat_{name}": "the address names the business, and a visitor's token lets it in"
        for name in (
            "session.begin",
            "session.end",
            "messages.write",
            "messages.send_file",
            "visit.contact",
            "visit.tell",
        )
    },
    **{
        f"api.{each.name}_{does}": "by a key of the business"
        for each in RESOURCES
        for does in ("make", "change")
        if getattr(each, "new" if does == "make" else "change")
    },
    "unsubscribe.answer": "the address names the reader",
    "own_appointment.confirm": "the address names the appointment",
    "own_appointment.cancel": "the same",
    "own_appointment.move": "the same",
    "reply_address.answer": "the address names the business",
    "find_customer.index": "looks in all businesses, and changes nothing",
    "sender_numbers.take_back": "the address names the business",
    "sender_numbers.allow": "the same",
    "people.disable": "the operator's, of all businesses",
    "people.enable": "the same",
    "people.reset": "the same",
}
# Without a page around them: a person opens a file, a browser a picture.
FORMS = ({"data": {"customer_id": "1", "up_to": "9"}}, {"json": {"customer_id": 1, "up_to": 9}})


def rules(app: Flask, methods: set[str]) -> Iterator[tuple[Rule, str]]:
    for rule in app.url_map.iter_rules():
        for method in sorted((rule.methods or set()) & methods):
            if rule.endpoint not in FREE:
                yield rule, method


def in_another(business: Business, other: Business) -> Browser:
    """The operator, with a page of the one business, who has entered the other meanwhile."""
    person = browser("operator inside", business)
    token = person.token
    assert person.post(f"/admin/tenants/enter/{other.id}").status_code == 302
    person.token = token
    return person


def test_what_is_free_is_a_route_that_changes_something(whole_app: Flask) -> None:
    unsafe = {
        rule.endpoint for rule in whole_app.url_map.iter_rules() if UNSAFE & (rule.methods or set())
    }
    assert FREE.keys() - unsafe == set()


@pytest.mark.parametrize("to", ["another", "none"])
def test_no_route_changes_anything_for_a_page_of_another_business(
    whole_app: Flask, salon: Business, garage: Business, onlooker: Onlooker, to: str
) -> None:
    person = in_another(garage, salon)
    if to == "none":
        token = person.token
        person.post("/admin/tenants/leave")
        person.token = token
    before = onlooker.picture()
    tried = 0
    for rule, method in rules(whole_app, UNSAFE):
        path = address(rule, salon, onlooker)
        for form in FORMS:
            answer = person.send(method, path, **form)
            where = f"{method} {path} ({rule.endpoint}) → {answer.status_code}"
            assert answer.status_code == 409, where
            assert onlooker.picture() == before, where
            tried += 1
    assert tried > 100


def test_no_route_tells_a_script_of_another_businesss_page_anything(
    whole_app: Flask, salon: Business, garage: Business, onlooker: Onlooker
) -> None:
    person = browser("operator inside", salon)
    for rule, method in rules(whole_app, {"GET"}):
        path = address(rule, salon, onlooker)
        asked = person.client.open(path, method=method, headers={"Sec-Fetch-Dest": "document"})
        theirs = [
            {"X-Business": str(named)} for named in (garage.id, 0, "x", "²", "9" * 9, "9" * 19)
        ]
        # What was refused at one address counts for no other.
        redis_client().flushdb()
        for headers in (*theirs, {"Sec-Fetch-Dest": "empty"}):
            answer = person.get(path, headers=headers)
            where = f"{path} ({rule.endpoint}) {headers} → {answer.status_code}"
            if works_in_tenant(rule.endpoint):
                assert answer.status_code == 409, where
                assert answer.json == {"error": answer.json["error"], "business": salon.name}
            else:
                assert answer.status_code == asked.status_code, where
            answer.close()
        asked.close()


def works_in_tenant(endpoint: str) -> bool:
    from app.web.guards import access

    return access.works_in_tenant(endpoint)


def test_the_premise_every_route_that_the_roles_table_keeps_within_a_business_works_in_one(
    whole_app: Flask,
) -> None:
    from tests.architecture.test_routes import ADMINS, ALLOWED, STAFF

    within = {name for name, roles in ALLOWED.items() if roles in (STAFF, ADMINS)}
    assert {name for name in within if not works_in_tenant(name)} == set()


def test_a_page_in_its_own_business_is_let_in(
    whole_app: Flask, salon: Business, garage: Business, onlooker: Onlooker
) -> None:
    person = browser("operator inside", salon)
    for rule, method in rules(whole_app, UNSAFE | {"GET"}):
        path = address(rule, salon, onlooker)
        ours = {"X-Business": str(salon.id), "Sec-Fetch-Dest": "empty"}
        answer = person.send(method, path, headers=ours)
        assert answer.status_code not in (409, 500), f"{method} {path}"
        answer.close()


def test_whoever_signs_in_to_another_business_cannot_use_the_page_of_the_first(
    whole_app: Flask, salon: Business, garage: Business, onlooker: Onlooker
) -> None:
    person, before = Browser(salon.admin), onlooker.picture()
    person.token = Browser(garage.admin).token
    for rule, method in rules(whole_app, UNSAFE):
        answer = person.send(method, address(rule, salon, onlooker))
        assert answer.status_code == 409, f"{method} {rule}"
        assert garage.name not in answer.text, "whose page it was is nobody's business"
    assert onlooker.picture() == before


def test_an_operator_needs_a_page_that_names_the_business(
    whole_app: Flask, salon: Business, onlooker: Onlooker
) -> None:
    person = Browser()
    person.sign_in(operator())
    nameless = person.token
    assert person.post(f"/admin/tenants/enter/{salon.id}").status_code == 302
    for token, status in ((nameless, 409), ("forged", 400), (nameless + "x", 400), ("", 400)):
        person.token, before = token, onlooker.picture()
        for rule, method in rules(whole_app, UNSAFE):
            answer = person.send(method, address(rule, salon, onlooker))
            assert answer.status_code == status, f"{token!r} {method} {rule}"
        assert onlooker.picture() == before
