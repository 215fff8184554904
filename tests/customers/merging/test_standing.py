"""Whoever was merged is met as the kept one: by imports, by the site's sign-in, by old forms."""

from datetime import timedelta
from pathlib import Path

import pytest

from app.appointments import commands
from app.customers.merging.one_person import make_one
from app.extensions import db
from app.inbox.customer_search import matching
from app.models import Appointment, Customer
from tests.customers.merging.conftest import Two
from tests.customers.test_import_customers import load
from tests.support.world import NOON, Business

pytestmark = pytest.mark.usefixtures("in_scope")


@pytest.fixture
def merged(two: Two) -> Two:
    db.session.get_one(Customer, two.other).external_id = "A-7"
    db.session.flush()
    make_one(two.ann, two.other, None, NOON)
    db.session.commit()
    return two


def test_by_a_form_from_before(merged: Two) -> None:
    details = commands.Changes(customer_id=merged.other, starts_at=NOON + timedelta(days=3))
    booked = commands.book(NOON, duration_minutes=30, announce=False, **details)
    assert db.session.get_one(Appointment, booked.id).customer_id == merged.ann


def test_by_the_number_that_the_business_has_for_them(
    merged: Two, salon: Business, tmp_path: Path
) -> None:
    report = load(tmp_path, salon, b"external_id,first_name,language\r\nA-7,Ann,de\r\n")
    assert (report.rejected, report.counts["created"]) == ([], 0)
    db.session.expire_all()
    assert db.session.get_one(Customer, merged.ann).language == "de"


def test_nobody_is_listed_twice(merged: Two) -> None:
    assert [each.id for each in matching("", 0, 10)] == [merged.ann]
    assert [each.id for each in matching("Ann", 0, 10)] == [merged.ann]
