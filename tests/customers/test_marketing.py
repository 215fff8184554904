"""Offers go to nobody who did not agree to them, and to nobody any more who said STOP since."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from app.customers import marketing
from app.extensions import db
from app.lib.time.clock import now
from app.models import AuditEntry, ContactPoint, Customer, MarketingConsent
from app.tenancy import tenant_scope
from tests.admin_views.reading import cells, rows
from tests.imports.uploads import counts, imported
from tests.support.browser import Browser
from tests.support.world import NOON, Business, hear

JSON = {"Accept": "application/json"}
FORM = "ticked the box on the paper form"
DAY = timedelta(days=1)


def place(owner: Business) -> marketing.Place:
    return "sms", owner.customer_number


def say(
    owner: Business,
    agreed: bool = True,
    where: marketing.Place | None = None,
    **given: object,
) -> None:
    with tenant_scope(owner.id):
        customer = db.session.get_one(Customer, owner.customer_id)
        told = {"how": FORM, "given_at": None, "user_id": None, "now": NOON} | given
        where = where or place(owner)
        marketing.by_staff(customer, where, agreed, **told)  # type: ignore[arg-type]
        db.session.commit()


def agreed(owner: Business) -> bool:
    """As the page has it, and as a statement asks."""
    with tenant_scope(owner.id):
        word = marketing.words([place(owner)]).get(place(owner))
        point = ContactPoint.channel == "sms", ContactPoint.address == owner.customer_number
        columns = ContactPoint.channel, ContactPoint.address, ContactPoint.tenant_id
        query = select(ContactPoint.id).where(*point, marketing.agrees(*columns))
        found = db.session.scalar(query) is not None
        assert found is (word is not None and word.agreed)
        db.session.rollback()
        return found


def test_who_may_be_written_to_has_not_agreed_to_offers(salon: Business, garage: Business) -> None:
    assert not agreed(salon)
    say(salon)
    assert agreed(salon) and not agreed(garage)
    say(salon, agreed=False, how="", now=NOON + DAY)
    assert not agreed(salon)


def test_stop_ends_it_and_start_does_not_give_it_back(salon: Business, garage: Business) -> None:
    say(salon)
    say(garage)
    hear(salon, "STOP", at=NOON + DAY)
    assert not agreed(salon) and agreed(garage)
    hear(salon, "START", at=NOON + 2 * DAY)
    assert not agreed(salon)
    say(salon, now=NOON + 3 * DAY, how="asked for it again at the desk")
    assert agreed(salon)


def test_no_yes_is_written_down_without_proof_or_beside_a_stop(
    salon: Business, garage: Business
) -> None:
    with pytest.raises(marketing.NotRecorded, match="Write how they agreed"):
        say(salon, how=" ")
    with pytest.raises(marketing.NotRecorded, match="no number or address of theirs"):
        say(salon, where=place(garage))
    hear(salon, "STOP", at=NOON)
    with pytest.raises(marketing.NotRecorded, match="no messages at all"):
        say(salon, now=NOON + DAY)
    hear(salon, "START", at=NOON + DAY)
    with pytest.raises(marketing.NotRecorded, match="after that"):
        say(salon, given_at=NOON - DAY, now=NOON + 2 * DAY)
    with pytest.raises(marketing.NotRecorded, match="still to come"):
        say(salon, given_at=NOON + 9 * DAY, now=NOON + 2 * DAY)
    assert not rows(salon, MarketingConsent)


def test_staff_write_it_down_on_the_page_and_it_says_who_did(
    salon: Business, garage: Business, staff: Browser
) -> None:
    page = f"/customers/{salon.customer_id}"
    assert "Offers: never agreed" in cells(staff.get(page).text)
    given = {"channel": "sms", "address": salon.customer_number, "agreed": "yes"}
    refused = staff.post(f"{page}/marketing", data=given, headers=JSON)
    assert refused.status_code == 422 and "Write how" in refused.get_json()["error"]
    for wrong in ({"agreed": "perhaps"}, {"day": "tomorrow"}, {"channel": "webchat"}):
        posted = {**given, "how": FORM, **wrong}
        assert staff.post(f"{page}/marketing", data=posted, headers=JSON).status_code == 422
    assert staff.post(f"{page}/marketing", data=given | {"how": FORM}).status_code == 302
    shown = cells(staff.get(page).text)
    assert "Offers: agreed" in shown and f"“{FORM}”" in shown and "noted by" in shown
    assert FORM in staff.get(f"/customers/pane/{salon.customer_id}").text
    told = {row["channel"]: row for row in staff.get(page, headers=JSON).get_json()["consent"]}
    assert told["sms"]["marketing"]["agreed"] and not told["email"]["marketing"]["agreed"]
    logged = [each for each in rows(salon, AuditEntry) if each.row_kind == "marketing_consent"]
    assert [each.customer_id for each in logged] == [salon.customer_id]
    stranger = Browser(garage.staff).post(f"{page}/marketing", data=given | {"how": FORM})
    assert stranger.status_code == 404


def test_a_file_brings_a_yes_with_its_proof_and_wins_nobody_back(
    salon: Business, garage: Business
) -> None:
    phone = salon.customer_number
    head = "phone,channel,opted_in,date,source\n"
    bare = imported(salon, "marketing", f"{head}{phone},sms,yes,2026-01-02,\n")
    assert counts(bare) == (0, 0, 0, 1) and "how they agreed" in bare.reasons[0][1]
    file = f"{head}{phone},sms,yes,2026-01-02,the paper form\n"
    assert counts(imported(salon, "marketing", file)) == (1, 0, 0, 0)
    assert agreed(salon) and not agreed(garage)
    assert counts(imported(salon, "marketing", file)) == (0, 0, 1, 0)
    say(salon, agreed=False, how="", now=NOON)
    again = imported(salon, "marketing", f"{head}{phone},sms,yes,,a list\n")
    assert counts(again) == (0, 0, 0, 1) and "want no offers" in again.reasons[0][1]
    assert not agreed(salon)


def test_what_stands_in_a_file_from_before_a_stop_counts_no_more(
    salon: Business, garage: Business
) -> None:
    hear(salon, "STOP", at=NOON)
    hear(salon, "START", at=NOON + timedelta(minutes=1))
    head, phone = "phone,channel,opted_in,date,source\n", salon.customer_number
    for day, why in (("2026-01-02", "after that"), ("", "give the day")):
        done = imported(salon, "marketing", f"{head}{phone},sms,yes,{day},form\n")
        assert counts(done) == (0, 0, 0, 1) and why in done.reasons[0][1]
    assert not agreed(salon) and now() > NOON
