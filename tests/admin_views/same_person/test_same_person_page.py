"""Staff see who is probably the same, compare, merge and undo; nobody of another business."""

import pytest
from sqlalchemy import select

from app.extensions import db
from app.models import AuditEntry, Customer, CustomerMerge
from app.tenancy import tenant_scope
from tests.customers.merging.conftest import ANOTHER, Two, two  # noqa: F401
from tests.support.browser import Browser
from tests.support.world import Business, hear


@pytest.fixture
def named(salon: Business, two: Two) -> Two:  # noqa: F811
    with tenant_scope(salon.id):
        other = db.session.get_one(Customer, two.other)
        other.first_name, other.last_name = "Ann", "Salon"
        db.session.commit()
    db.session.remove()
    return two


def test_two_are_found_compared_merged_and_taken_apart(named: Two, staff: Browser) -> None:
    assert "Duplicates" in staff.get("/admin/customers/").text
    assert staff.get("/same-person/").text.count("Ann Salon") >= 2
    page = staff.get(f"/same-person/{named.ann}").text
    assert "The same name." in page and f"other={named.other}" in page
    both = staff.get(f"/same-person/{named.ann}/both?other={named.other}").text
    assert "(212) 555-0177" in both and "Appointments" in both
    answer = staff.post(f"/same-person/{named.ann}/merge", data={"other": named.other})
    assert answer.location == f"/customers/{named.ann}"
    assert "(212) 555-0177" in staff.get(answer.location).text
    for address in ("/customers/{}", "/messages/{}", "/same-person/{}"):
        moved = staff.get(address.format(named.other))
        assert moved.location == address.format(named.ann)
    listed = staff.get("/admin/customers/").text
    assert f"/customers/{named.ann}" in listed and f"/customers/{named.other}" not in listed
    page = staff.get(f"/same-person/{named.ann}").text
    undo = {"merge": page.partition('name="merge" value="')[2].partition('"')[0]}
    address = f"/same-person/{named.ann}/undo"
    assert staff.post(address, data=undo).location == f"/customers/{named.ann}"
    assert staff.get(f"/customers/{named.other}").status_code == 200
    again = staff.post(address, data=undo, follow_redirects=True)
    assert "That has been undone already." in again.text


def test_what_ends_is_said_before(named: Two, salon: Business, staff: Browser) -> None:
    hear(salon, "STOP", number=ANOTHER)
    both = staff.get(f"/same-person/{named.ann}/both?other={named.other}").text
    assert "nothing is sent any more to" in both


def test_nobody_merges_what_is_anothers(
    named: Two, salon: Business, garage: Business, staff: Browser
) -> None:
    theirs = garage.customer_id
    for answer in (
        staff.get(f"/same-person/{theirs}"),
        staff.get(f"/same-person/{named.ann}/both?other={theirs}"),
        staff.post(f"/same-person/{named.ann}/merge", data={"other": theirs}),
        staff.post(f"/same-person/{theirs}/merge", data={"other": named.ann}),
        staff.post(f"/same-person/{named.ann}/merge", data={"other": "nonsense"}),
    ):
        assert answer.status_code == 404
    with tenant_scope(garage.id):
        merge = CustomerMerge(
            kept_id=theirs, gone_id=_more(), at=db.session.get_one(Customer, theirs).created_at
        )
        db.session.add(merge)
        db.session.commit()
        merge_id = merge.id
    db.session.remove()
    for id_ in (named.ann, theirs):
        answer = staff.post(f"/same-person/{id_}/undo", data={"merge": merge_id})
        assert answer.status_code == 404
    # Without a word whom, or which.
    for what in ("merge", "undo"):
        answer = staff.post(f"/same-person/{named.ann}/{what}", follow_redirects=True)
        assert "same customer already" in answer.text or "no merge of this" in answer.text


def test_with_themselves_nobody_is_merged_and_who_did_it_is_logged(
    named: Two, salon: Business, staff: Browser
) -> None:
    same = staff.post(
        f"/same-person/{named.ann}/merge", data={"other": named.ann}, follow_redirects=True
    )
    assert "These are the same customer already." in same.text
    staff.post(f"/same-person/{named.ann}/merge", data={"other": named.other})
    with tenant_scope(salon.id):
        entries = select(AuditEntry).where(AuditEntry.facts["merged_with"].as_integer() > 0)
        [entry] = db.session.scalars(entries).all()
        assert (entry.row_id, entry.facts) == (named.ann, {"merged_with": named.other})


def _more() -> int:
    made = Customer(first_name="Another")
    db.session.add(made)
    db.session.flush()
    return made.id
