"""What the API reads and writes: through the same commands as staff, each thing once."""

import threading
from base64 import b64encode
from datetime import UTC, datetime, timedelta

import pytest
from flask import Flask
from sqlalchemy import func, select, update

from app.extensions import db
from app.lib.time.clock import now
from app.models import ApiRequest, Appointment, AuditEntry, Customer, Message, Notification
from app.tenancy import tenant_scope, unscoped
from app.web.api.resources import RESOURCES
from tests.admin_views.reading import rows
from tests.support.world import Business
from tests.web.api.conftest import Program, key_of

SOON = (now() + timedelta(days=9)).replace(microsecond=0)
TEXT = "See you soon"
PDF, GIF, PNG = b"%PDF-1.7 prices", b"GIF89a" + bytes(20), b"\x89PNG\r\n\x1a\n" + bytes(40)


def booking(business: Business, **more: object) -> dict[str, object]:
    said = {"customer_id": str(business.customer_id), "starts_at": SOON.isoformat()}
    return {**said, **more}


def text(business: Business, body: str = TEXT, **more: object) -> dict[str, object]:
    return {"customer_id": str(business.customer_id), "channel": "sms", "body": body, **more}


@pytest.mark.parametrize("resource", RESOURCES, ids=lambda each: each.name)
def test_each_business_reads_its_own_and_for_another_there_is_nothing(
    program: Program, stranger: Program, resource: object
) -> None:
    name = resource.name  # type: ignore[attr-defined]
    ours = program.get(name).json["data"]
    theirs = {each["id"] for each in stranger.get(name).json["data"]}
    assert ours and theirs and not theirs & {each["id"] for each in ours}
    for one in ours:
        answer = program.get(f"{name}/{one['id']}")
        assert answer.json == one
        again = program.get(f"{name}/{one['id']}", If_None_Match=answer.headers["ETag"])
        assert again.status_code == 304
    for id_ in (*theirs, "0", "x", "9" * 12, "9" * 18, "9" * 30, "%00"):
        assert program.get(f"{name}/{id_}").status_code == 404
        if resource.change:  # type: ignore[attr-defined]
            assert program.ask("PATCH", f"{name}/{id_}", {}, If_Match="*").status_code == 404
    for filter_ in resource.filters:  # type: ignore[attr-defined]
        for value in ("", "x", "-1", "'", "9" * 40):
            answer = program.get(f"{name}?{filter_}={value}")
            assert answer.status_code in (200, 400), filter_
            assert not answer.json.get("data"), (filter_, value)


def test_pages_follow_each_other_without_gap_or_repeat(
    salon: Business, garage: Business, program: Program
) -> None:
    with tenant_scope(salon.id):
        db.session.add_all(Customer(first_name=f"Number {n}") for n in range(7))
        db.session.commit()
    everybody = [each["id"] for each in program.get("customers").json["data"]]
    for order in ("asc", "desc"):
        seen, cursor = [], ""
        while True:
            page = program.get(f"customers?limit=3&order={order}{cursor}").json
            seen += [each["id"] for each in page["data"]]
            if page["next_cursor"] is None:
                break
            cursor = f"&cursor={page['next_cursor']}"
        assert seen == (everybody if order == "asc" else everybody[::-1])
    for wrong in ("limit=0", "limit=1e3", "cursor=x", "cursor=%F0", "order=up", "colour=red"):
        answer = program.get(f"customers?{wrong}")
        assert answer.status_code == 400 and wrong.partition("=")[0] in answer.json["detail"]


def test_a_customer_is_added_found_changed_and_not_twice(
    salon: Business, garage: Business, program: Program
) -> None:
    new = {"first_name": "Zoë", "phone": "(212) 555-0199", "email": "Zoe@Example.com"}
    made = program.post("customers", new | {"external_id": "c-1", "language": "es"})
    assert made.status_code == 201
    where = made.headers["Location"].removeprefix("/api/v1/")
    assert program.get(where).json == made.json
    points = {(each["channel"], each["address"]) for each in made.json["contact_points"]}
    assert points == {("sms", "+12125550199"), ("email", "zoe@example.com")}
    [found] = program.get("customers?external_id=c-1").json["data"]
    [again] = program.get("customers?address=zoe@example.com").json["data"]
    assert found == again == made.json
    for twin in ({"phone": "+1 212 555 0199"}, {"email": "zoe@example.com"}):
        answer = program.post("customers", twin)
        assert answer.status_code == 409 and made.json["id"] in answer.json["detail"]
    twin = {"first_name": "X", "external_id": "c-1"}
    assert program.post("customers", twin).status_code == 409
    answer = program.patch(where, {"last_name": "Quinn", "language": None})
    assert (answer.json["last_name"], answer.json["language"]) == ("Quinn", None)
    assert len(rows(salon, Customer)) == 2


@pytest.mark.parametrize(
    ("new", "field"),
    [
        ({"phone": "12"}, "phone"),
        ({"email": "nobody"}, "email"),
        ({"first_name": 5}, "first_name"),
        ({"first_name": "A" * 101}, "first_name"),
        ({"colour": "red"}, "colour"),
        ({"id": "1"}, "id"),
    ],
)
def test_what_cannot_be_taken_is_told_with_where_and_makes_nothing(
    salon: Business, program: Program, new: dict[str, object], field: str
) -> None:
    answer = program.post("customers", new)
    assert (answer.status_code, answer.mimetype) == (422, "application/problem+json")
    assert [each["pointer"] for each in answer.json["errors"]] == [f"/{field}"]
    assert len(rows(salon, Customer)) == 1


def test_an_appointment_is_booked_moved_and_cancelled_as_by_staff(
    salon: Business, garage: Business, program: Program
) -> None:
    [service] = program.get("services").json["data"]
    made = program.post("appointments", booking(salon, service_id=service["id"]))
    assert made.status_code == 201
    assert made.json["starts_at"] == SOON.isoformat().replace("+00:00", "Z")
    assert made.json["duration_minutes"] == service["duration_minutes"]
    id_ = int(made.json["id"])

    def planned() -> set[str]:
        with tenant_scope(salon.id):
            mine = Notification.appointment_id == id_, Notification.status == "planned"
            return set(db.session.scalars(select(Notification.type).where(*mine)))

    assert planned() == {"booking_confirmation", "appointment_reminder"}
    later = SOON + timedelta(hours=3)
    moved = program.patch(f"appointments/{id_}", {"starts_at": later.isoformat(), "notify": True})
    assert datetime.fromisoformat(moved.json["starts_at"]) == later
    over = program.patch(f"appointments/{id_}", {"status": "cancelled"})
    assert over.json["status"] == "cancelled" and "appointment_reminder" not in planned()
    wanted = f"starts_from={SOON:%Y-%m-%dT%H:%M:%SZ}&customer_id={salon.customer_id}"
    assert [each["id"] for each in program.get(f"appointments?{wanted}").json["data"]] == [str(id_)]
    quiet = program.post("appointments", booking(salon, announce=False)).json["id"]
    with tenant_scope(salon.id):
        mine = Notification.appointment_id == int(quiet), Notification.status == "planned"
        types = set(db.session.scalars(select(Notification.type).where(*mine)))
    assert types == {"appointment_reminder"}


def test_ids_of_another_business_are_no_ids(
    salon: Business, garage: Business, program: Program, stranger: Program
) -> None:
    service = stranger.get("services").json["data"][0]["id"]
    person = stranger.get("staff_members").json["data"][0]["id"]
    customer = {"customer_id": str(garage.customer_id)}
    for wrong in (customer, {"service_id": service}, {"staff_member_id": person}):
        answer = program.post("appointments", booking(salon) | wrong)
        assert answer.status_code == 422
        assert answer.json["errors"][0]["pointer"] == f"/{next(iter(wrong))}"
    assert program.post("messages", text(salon) | customer).status_code == 422
    assert len(rows(garage, Appointment)) == len(rows(salon, Appointment)) == 1


def test_who_changes_says_which_version_they_have_seen(program: Program) -> None:
    [one] = program.get("appointments").json["data"]
    where = f"appointments/{one['id']}"
    assert program.ask("PATCH", where, {"notes": "A"}).status_code == 428
    tag = program.get(where).headers["ETag"]
    assert program.patch(where, {"notes": "B"}, tag).status_code == 200
    stale = program.patch(where, {"notes": "C"}, tag)
    assert stale.status_code == 412 and program.get(where).json["notes"] == "B"


def test_a_message_is_queued_and_a_refusal_says_why(
    salon: Business, garage: Business, program: Program
) -> None:
    sent = program.post("messages", text(salon))
    assert (sent.status_code, sent.json["status"]) == (201, "queued")
    [listed] = program.get(f"messages?order=desc&limit=1&customer_id={salon.customer_id}").json[
        "data"
    ]
    assert listed == sent.json
    for wrong in ({"channel": "pigeon"}, {"body": " "}, {"channel": "messenger"}):
        answer = program.post("messages", text(salon) | wrong)
        assert answer.status_code == 422 and answer.json["detail"].endswith((".", "channel."))


@pytest.mark.parametrize("path", ["messages", "appointments"])
def test_a_repeat_is_answered_with_what_was_made(
    salon: Business, garage: Business, program: Program, path: str
) -> None:
    body = text(salon) if path == "messages" else booking(salon)
    kind = Message if path == "messages" else Appointment
    before = len(rows(salon, kind))
    first, again = (program.post(path, body, Idempotency_Key="k-1") for _ in range(2))
    assert (first.status_code, again.status_code) == (201, 200)
    assert first.json["id"] == again.json["id"]
    other = program.post(path, body | {"customer_id": "1"}, Idempotency_Key="k-1")
    assert other.status_code == 422 and "Idempotency-Key" in other.json["detail"]
    # The answer was lost before its maker knew what it had made.
    with unscoped("tests"):
        lost = update(ApiRequest).values(made_id=None, at=now() - timedelta(minutes=5))
        db.session.execute(lost.execution_options(synchronize_session=False))
        db.session.commit()
    third = program.post(path, body, Idempotency_Key="k-1")
    assert third.json["id"] == first.json["id"]
    assert program.post(path, body, Idempotency_Key="k-2").json["id"] != first.json["id"]
    assert len(rows(salon, kind)) == before + 2


def test_of_many_who_send_the_same_at_once_one_makes_it(
    app: Flask, salon: Business, garage: Business, program: Program
) -> None:
    told: list[tuple[int, str]] = []

    def send() -> None:
        with app.app_context():
            answer = program.post("messages", text(salon), Idempotency_Key="at once")
            told.append((answer.status_code, answer.json.get("id", "")))
            db.session.remove()

    threads = [threading.Thread(target=send) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    with tenant_scope(salon.id):
        mine = select(func.count(Message.id)).where(Message.body == TEXT)
        assert db.session.scalar(mine) == 1
    assert {status for status, _ in told} <= {200, 201, 409}
    assert [status for status, _ in told].count(201) == 1
    assert len({id_ for status, id_ in told if status < 300}) == 1


def test_what_fails_uses_up_no_key(salon: Business, program: Program) -> None:
    wrong = program.post("messages", text(salon, " "), Idempotency_Key="k")
    assert wrong.status_code == 422
    assert program.post("messages", text(salon), Idempotency_Key="k").status_code == 201


def test_who_wants_no_messages_gets_none_and_it_is_told(
    salon: Business, garage: Business, program: Program
) -> None:
    from tests.support.world import hear

    hear(salon, "STOP")
    one = program.get(f"customers/{salon.customer_id}").json
    assert [each["stopped"] for each in one["contact_points"] if each["channel"] == "sms"] == [True]
    answer = program.post("messages", text(salon))
    assert answer.status_code == 422 and "START" in answer.json["detail"]


def test_a_conversation_says_who_waits(salon: Business, garage: Business, program: Program) -> None:
    [one] = program.get("conversations?unread=true").json["data"]
    assert one["customer_id"] == str(salon.customer_id)
    assert (one["state"], one["last_channel"]) == ("open", "sms")
    waits = datetime.fromisoformat(one["waiting_since"])
    assert waits.tzinfo == UTC


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("GET", "nothing", 404),
        ("DELETE", "customers", 405),
        ("PUT", "customers/1", 405),
        ("POST", "services", 405),
    ],
)
def test_what_there_is_not_is_told_as_a_problem(
    program: Program, method: str, path: str, status: int
) -> None:
    answer = program.ask(method, path)
    assert (answer.status_code, answer.mimetype) == (status, "application/problem+json")
    assert answer.json["status"] == status and answer.json["type"] == "about:blank"


@pytest.mark.parametrize("sent", [[], "x", 5, None])
def test_a_body_that_is_no_object_is_refused(program: Program, sent: object) -> None:
    answer = program.ask("POST", "customers", sent)
    assert answer.status_code in (415, 422)
    assert answer.mimetype == "application/problem+json"


def test_what_a_key_changes_stands_in_the_log_under_its_name(
    salon: Business, garage: Business, program: Program
) -> None:
    made = program.post("customers", {"first_name": "Zoe"}).json
    program.patch(f"customers/{made['id']}", {"last_name": "Ng"})
    told = [each for each in rows(salon, AuditEntry) if each.row_id == int(made["id"])]
    assert [each.action for each in told] == ["created", "changed"]
    assert {(each.actor_id, each.actor_name) for each in told} == {(None, "Website (API key)")}


def test_an_automatic_message_says_why(salon: Business, garage: Business, program: Program) -> None:
    booked = program.post("appointments", booking(salon)).json
    mine = f"notifications?appointment_id={booked['id']}"
    assert {each["status"] for each in program.get(mine).json["data"]} == {"planned"}
    program.patch(f"appointments/{booked['id']}", {"status": "cancelled"})
    over = program.get(mine).json["data"]
    assert over and all(each["status"] == "cancelled" and each["reason"] for each in over)


def test_what_was_not_remembered_was_not_made(
    salon: Business, garage: Business, program: Program, monkeypatch: pytest.MonkeyPatch
) -> None:
    def killed(*_more: object) -> None:
        raise RuntimeError

    before = len(rows(salon, Customer))
    with monkeypatch.context() as during:
        during.setattr("app.web.api.once._write", killed)
        answer = program.post("customers", {"first_name": "Zoe"}, Idempotency_Key="k")
        assert answer.status_code == 500
    assert len(rows(salon, Customer)) == before
    assert program.post("customers", {"first_name": "Zoe"}, Idempotency_Key="k").status_code == 201
    assert program.post("customers", {"first_name": "Zoe"}, Idempotency_Key="k").status_code == 200
    assert len(rows(salon, Customer)) == before + 1


def test_what_collides_or_is_past_is_booked_only_where_that_is_meant(
    salon: Business, garage: Business, program: Program
) -> None:
    [staff] = program.get("staff_members").json["data"]
    said = booking(salon, staff_member_id=staff["id"])
    first = program.post("appointments", said)
    assert (first.status_code, program.post("appointments", said).status_code) == (201, 409)
    over = {**said, "starts_at": (now() - timedelta(days=2)).isoformat()}
    assert program.post("appointments", over).status_code == 409
    second = program.post("appointments", {**said, "accept_conflicts": True})
    assert second.status_code == 201
    path = f"appointments/{second.json['id']}"
    later = (SOON + timedelta(minutes=10)).isoformat()
    assert program.patch(path, {"starts_at": later}).status_code == 409
    meant = {"starts_at": later, "accept_conflicts": True}
    assert program.patch(path, meant).status_code == 200


def test_a_client_token_is_one_message_by_whatever_request(
    salon: Business, garage: Business, program: Program
) -> None:
    said = {**text(salon), "client_token": "order-7"}
    sent = {program.post("messages", said, Idempotency_Key=k).json["id"] for k in ("a", "b")}
    assert len(sent) == 1
    assert program.post("messages", {**said, "body": "Other"}).status_code == 422


def file_of(name: str, content: bytes) -> dict[str, str]:
    return {"name": name, "content": b64encode(content).decode()}


def test_a_message_goes_out_with_files_which_are_read_again_by_whose_they_are(
    salon: Business, program: Program, stranger: Program
) -> None:
    sent = text(salon, attachments=[file_of("prices.gif", GIF), file_of("cut.png", PNG)])
    made = program.post("messages", sent, Idempotency_Key="with files")
    assert made.status_code == 201, made.text
    first, second = made.json["attachments"]
    assert (first["name"], first["content_type"], first["state"]) == (
        "prices.gif",
        "image/gif",
        "stored",
    )
    assert program.post("messages", sent, Idempotency_Key="with files").json == made.json
    read = program.get(f"attachments/{first['id']}")
    assert (read.data, read.content_type) == (GIF, "image/gif")
    assert "sandbox" in read.headers["Content-Security-Policy"]
    assert program.get(f"attachments/{second['id']}").data == PNG
    for whose in (stranger, Program(key_of(salon, "customers:read"))):
        assert whose.get(f"attachments/{first['id']}").status_code in (403, 404)
    for none in ("0", "x", "9" * 18):
        assert program.get(f"attachments/{none}").status_code == 404


@pytest.mark.parametrize(
    "files",
    [
        [{"name": "a.pdf", "content": "no base64"}],
        [{"name": "a.pdf", "content": 7}],
        [{"name": "", "content": ""}],
        [{"name": "run.exe", "content": b64encode(b"MZ").decode()}],
        [{"name": "a.pdf", "content": b64encode(PDF).decode()}] * 11,
        [{"name": "a.pdf", "content": b64encode(PDF + bytes(6_000_000)).decode()}],
    ],
)
def test_files_that_cannot_go_are_refused_and_nothing_is_sent(
    salon: Business, program: Program, files: object
) -> None:
    before = program.get("messages?limit=200").json["data"]
    refused = program.post("messages", text(salon, attachments=files))
    assert refused.status_code == 422, refused.text
    assert program.get("messages?limit=200").json["data"] == before
