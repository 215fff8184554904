"""A hostile tenant: whatever key its forms name, they change nothing of another's."""

from collections.abc import Iterator

from sqlalchemy import update

from app.extensions import db
from app.lib.status import MessageStatus
from app.models import ContactPoint
from app.tenancy import tenant_scope
from tests.architecture.probes import Onlooker, browser
from tests.architecture.tries import PANELS, Try, check, own, told
from tests.support import twilio, world
from tests.support.browser import Browser
from tests.support.world import Business


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


def test_a_token_of_the_strangers_form_is_not_answered_with_their_message(
    salon: Business, garage: Business, onlooker: Onlooker, staff: Browser
) -> None:
    # A mark is no number that could be written to.
    number = ContactPoint.channel == "sms"
    with tenant_scope(garage.id):
        db.session.execute(update(ContactPoint).where(number).values(address="+12125550177"))
        db.session.commit()
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
