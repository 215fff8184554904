"""An admin gives a customer what is known of them, and has them erased; nobody else does either."""

import io
import json
from zipfile import ZipFile

from sqlalchemy import select

from app.customers.merging.one_person import make_one
from app.extensions import db
from app.lib.time.clock import now
from app.models import AuditEntry, Customer, Erasure
from app.privacy.erase import erase_due
from app.privacy.personal_data import PERSONAL
from app.tenancy import tenant_scope
from tests.admin_views.reading import cells, rows
from tests.support import planted
from tests.support.browser import Browser
from tests.support.world import Business, hear

MARK = "zq7f3a@person.example"


def of(customer_id: int, more: str = "") -> str:
    return f"/admin/privacy/{customer_id}{more}"


def test_all_that_is_known_of_a_customer_is_on_the_page_and_in_the_file(
    salon: Business, garage: Business, admin: Browser
) -> None:
    customer_id = planted.plant(salon.id, MARK)
    page = admin.get(of(customer_id))
    told = admin.get(of(customer_id), headers={"Accept": "application/json"}).json
    assert page.status_code == 200 and told
    for kind, trace in PERSONAL.items():
        if trace.title:
            assert told[kind.__tablename__], kind
            assert trace.title in cells(page.text) or kind.__tablename__ == "media"
    assert told["message"][0]["body"] == MARK and told["note"][0]["body"] == MARK
    assert told["user_notice"][0]["recipient_id"] in ("Admin", "Staff"), "by their name"
    everything = page.text + json.dumps(told)
    # Nobody else's, and no secret.
    for others in ("Hello from salon", "garage", "token_hash", "claim"):
        assert others not in everything, others


def test_of_whoever_was_merged_it_is_all_that_is_known_of_the_person(
    salon: Business, admin: Browser
) -> None:
    with tenant_scope(salon.id):
        twin = Customer(first_name="Twin")
        db.session.add(twin)
        db.session.flush()
        make_one(salon.customer_id, twin.id, None, now())
        db.session.commit()
        twin_id = twin.id
    db.session.remove()
    told = admin.get(of(twin_id), headers={"Accept": "application/json"}).json
    assert [each["first_name"] for each in told["customer"]] == ["Ann", "Twin"]
    assert told["message"][0]["body"] == "Hello from salon"
    json_ = {"Accept": "application/json"}
    answer = admin.post(of(twin_id, "/erase"), data={"word": "erase"}, headers=json_)
    assert answer.status_code == 202
    assert [each.customer_id for each in rows(salon, Erasure)] == [salon.customer_id]


def test_the_file_has_json_and_the_files_themselves(salon: Business, admin: Browser) -> None:
    with admin.get(of(salon.customer_id, "/file")) as answer:
        assert answer.mimetype == "application/zip"
        assert answer.headers["Cache-Control"] == "no-store"
        with ZipFile(io.BytesIO(answer.data)) as file:
            names = sorted(name.partition("-")[2] for name in file.namelist() if "files/" in name)
            assert len(names) == 2 and any(name.endswith("salon.png") for name in names)
            told = json.loads(file.read("data.json"))
    assert told["message"][0]["body"] == "Hello from salon"
    assert told["business"] == "Bella's Salon" and told["archived_messages"] == []
    exported = [each for each in rows(salon, AuditEntry) if each.action == "exported"]
    assert exported[-1].customer_id == salon.customer_id


def test_a_customer_is_erased_by_a_typed_word_and_the_page_says_what_goes_and_stays(
    salon: Business, garage: Business, admin: Browser
) -> None:
    hear(salon, "STOP")
    page = cells(admin.get(of(salon.customer_id, "/erase")).text)
    assert "Messages 2" in page and "That they want no messages. One address" in page
    refused = admin.post(of(salon.customer_id, "/erase"), data={"word": "yes"})
    assert refused.status_code == 422 and "Nothing was erased" in refused.text
    assert rows(salon, Erasure) == []
    posted = [admin.post(of(salon.customer_id, "/erase"), data={"word": " Erase "}) for _ in "ab"]
    assert [answer.status_code for answer in posted] == [302, 302]
    assert "being erased" in admin.get(f"/customers/{salon.customer_id}").text
    assert "Under way" in admin.get(of(0)[:-1]).text
    erase_due(now())
    [done] = rows(salon, Erasure)
    assert (done.state, done.gone["message"], done.kept) == ("done", 2, 1)
    page = cells(admin.get("/admin/privacy/").text)
    assert f"Customer {salon.customer_id} Erased" in page and "One opt-out stays" in page
    assert "Ann" not in page and salon.customer_number not in page
    for gone in (
        of(salon.customer_id),
        of(salon.customer_id, "/erase"),
        f"/customers/{salon.customer_id}",
    ):
        assert admin.get(gone).status_code == 404
    with tenant_scope(garage.id):
        assert db.session.scalars(select(Customer)).one().first_name == "Ann"
    [entry] = [each for each in rows(salon, AuditEntry) if each.action == "erased"]
    assert (entry.row_id, entry.row_name, entry.actor_name) == (salon.customer_id, "", "Admin")
    assert "Admin asked to erase the customer" in cells(admin.get("/admin/audit-log/").text)


def test_others_customers_and_staff_get_nothing(
    salon: Business, garage: Business, admin: Browser, staff: Browser
) -> None:
    for page in ("", "/file", "/erase"):
        assert admin.get(of(garage.customer_id, page)).status_code == 404
        assert staff.get(of(salon.customer_id, page)).status_code == 403
    for person, customer in ((admin, garage), (staff, salon)):
        answer = person.post(of(customer.customer_id, "/erase"), data={"word": "erase"})
        assert answer.status_code in (403, 404)
    assert rows(garage, Erasure) == rows(salon, Erasure) == []
    assert "Their data" not in staff.get(f"/customers/{salon.customer_id}").text
