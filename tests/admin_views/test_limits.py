"""What a business may cost is said by the operator alone, and seen by both before it is used up."""

from datetime import UTC, date, datetime, timedelta

import pytest
import structlog
from sqlalchemy import select

from app.extensions import db
from app.lib.time.clock import local_day, now
from app.models import Spending
from app.operations import limit_warnings
from app.operations.health import health
from app.tenancy import tenant_scope, unscoped
from tests.admin_views.operator.test_tenants import settings, tenant
from tests.admin_views.reading import filled
from tests.outbox.queue.test_daily_limit import written
from tests.outbox.queue.test_destinations import change, pays_itself
from tests.support.browser import Browser
from tests.support.world import Business

GERMAN = "+491701234567"


def spent(
    business: Business, used: int, kind: str = "segments", at: datetime | None = None
) -> None:
    day = local_day(at or now(), business.timezone)
    with tenant_scope(business.id):
        db.session.add(Spending(day=day, kind=kind, used=used))
        db.session.commit()


SMUGGLED = {
    "open_countries": "DE, LV",
    "segments_a_day": "999999",
    "calls_a_day": "999999",
    "strangers_a_day": "999999",
}


def allowed(business: Business) -> tuple[list[str], int, int, int]:
    ours = tenant(business)
    return ours.open_countries, ours.segments_a_day, ours.calls_a_day, ours.strangers_a_day


def test_a_business_changes_nothing_of_what_it_may_cost(
    salon: Business, garage: Business, admin: Browser
) -> None:
    before = allowed(salon)
    assert admin.post("/admin/business/", data=settings(salon, **SMUGGLED)).status_code == 302
    assert allowed(salon) == before == ([], 1000, 100, 50)
    page = admin.get("/admin/business/").text
    assert not any(field in page for field in SMUGGLED)


def test_a_business_does_not_move_to_a_country_where_texts_cost_more(
    salon: Business, admin: Browser, operator: Browser
) -> None:
    answer = admin.post("/admin/business/", data=settings(salon, country="LV"))
    assert "ask us to change it" in answer.text
    own = {"twilio_account_sid": "AC" + "2" * 32, "twilio_auth_token": "f" * 32}
    answer = admin.post("/admin/business/", data=settings(salon, country="LV", **own))
    assert "ask us to change it" in answer.text, "it could give the account up again"
    assert tenant(salon).country == "US"
    operator.post(f"/admin/tenants/enter/{salon.id}")
    page = filled(operator.get("/admin/business/"))
    operator.post("/admin/business/", data=page | {"country": "CA"})
    assert tenant(salon).country == "CA"


def test_the_operator_says_what_a_business_may_cost(
    salon: Business, garage: Business, operator: Browser
) -> None:
    path = f"/admin/tenants/edit/?id={salon.id}"
    form = filled(operator.get(path))
    assert {form[name] for name in SMUGGLED} == {"", "1000", "100", "50"}
    given = {"open_countries": "de  at,DE", "segments_a_day": "0", "calls_a_day": ""}
    assert operator.post(path, data=form | given).status_code == 302
    assert allowed(salon) == (["DE", "AT"], 0, 100, 50)
    assert allowed(garage) == ([], 1000, 100, 50)
    assert filled(operator.get(path))["open_countries"] == "DE, AT"
    for wrong in ({"open_countries": "DE, XX"}, {"segments_a_day": "-1"}, {"calls_a_day": "many"}):
        answer = operator.post(path, data=form | wrong)
        assert answer.status_code == 200
    assert "is no country" in operator.post(path, data=form | {"open_countries": "XX"}).text
    assert allowed(salon) == (["DE", "AT"], 0, 100, 50)


@pytest.mark.parametrize(
    ("number", "says"),
    [(GERMAN, "This number is in Germany"), ("+19005551234", "This is a premium-rate number")],
)
def test_where_calls_may_not_ring_at_our_cost_is_refused_on_saving(
    salon: Business, admin: Browser, operator: Browser, number: str, says: str
) -> None:
    answer = admin.post("/admin/business/", data=settings(salon, forward_calls_to=number))
    assert says in answer.text
    path = f"/admin/tenants/edit/?id={salon.id}"
    form = filled(operator.get(path)) | {"forward_calls_to": number}
    assert says in operator.post(path, data=form).text
    assert tenant(salon).forward_calls_to is None
    own = {"twilio_account_sid": "AC" + "2" * 32, "twilio_auth_token": "f" * 32}
    admin.post("/admin/business/", data=settings(salon, forward_calls_to=number, **own))
    assert tenant(salon).forward_calls_to == number
    # Given up again, the number has to go with it.
    form = settings(salon, forward_calls_to=number, twilio_account_sid="")
    assert says in admin.post("/admin/business/", data=form).text
    assert tenant(salon).twilio_account_sid


def test_the_operator_opens_a_country_and_sends_calls_there_at_once(
    salon: Business, operator: Browser
) -> None:
    path = f"/admin/tenants/edit/?id={salon.id}"
    form = filled(operator.get(path))
    given = {"forward_calls_to": GERMAN, "open_countries": "DE"}
    assert operator.post(path, data=form | given).status_code == 302
    assert tenant(salon).forward_calls_to == GERMAN
    # It is open to the business's own admin as well, now.
    assert Browser(salon.admin).get("/admin/business/").status_code == 200


BANNERS = [
    ("segments", 800, "Automatic messages wait until the morning. You can still write."),
    ("segments", 1000, "What you write by SMS or WhatsApp now waits until the morning."),
    ("calls", 80, "When all are used, callers hear that nobody can take the call."),
    ("strangers", 50, "Unknown callers whose call you missed get no text today."),
]


@pytest.mark.parametrize(("kind", "used", "says"), BANNERS)
def test_both_see_what_is_nearly_used(
    salon: Business,
    garage: Business,
    staff: Browser,
    admin: Browser,
    operator: Browser,
    kind: str,
    used: int,
    says: str,
) -> None:
    spent(salon, used, kind)
    assert says in staff.get("/messages").text
    assert says in admin.get("/admin/business/").text
    for path in ("/admin/tenants/", "/admin/parked/"):
        page = operator.get(path).text
        assert tenant(salon).name.replace("'", "&#39;") in page
        assert f"{used:,} of a day&#39;s" in page, path
    theirs = Browser(garage.staff).get("/messages").text
    assert "of a day&#39;s" not in theirs
    assert staff.get("/health/ready").status_code == 200


def test_nobody_is_told_of_what_is_left_or_was_another_day_or_is_paid_otherwise(
    salon: Business, garage: Business, staff: Browser, operator: Browser
) -> None:
    spent(salon, 799)
    spent(salon, 1000, "calls", now() - timedelta(days=2))
    spent(garage, 1000)
    pays_itself(garage)
    for page in (staff.get("/messages"), operator.get("/admin/parked/")):
        assert "of a day&#39;s" not in page.text


def test_the_log_is_told_once_a_day_and_level(salon: Business, garage: Business) -> None:
    moment = datetime(2026, 11, 18, 17, 0, tzinfo=UTC)
    spent(garage, 10, at=moment)

    def told() -> list[tuple[int, int]]:
        with structlog.testing.capture_logs() as lines:
            limit_warnings.tell(moment)
        assert all(line["event"] == "limit_reached" for line in lines)
        return [(line["tenant"], line["level"]) for line in lines]

    assert told() == []
    spent(salon, 800, at=moment)
    assert told() == [(salon.id, 80)]
    assert told() == []
    with tenant_scope(salon.id):
        row = select(Spending).where(Spending.day == date(2026, 11, 18))
        db.session.scalars(row).one().used = 1003
        db.session.commit()
    assert told() == [(salon.id, 100)]
    assert told() == []


def test_what_is_long_past_is_forgotten(salon: Business) -> None:
    spent(salon, 1, at=now() - timedelta(days=100))
    limit_warnings.tell(now())
    with unscoped("tests"):
        days = db.session.scalars(select(Spending.day)).all()
    assert all(day > now().date() - timedelta(days=92) for day in days)


def test_what_waits_for_the_morning_is_no_sign_of_trouble(
    salon: Business, garage: Business
) -> None:
    written(salon, ["Hello"])
    assert health(now()).oldest_due
    change(salon, segments_a_day=0)
    assert health(now()).oldest_due is None
