"""What a business's own Twilio account says ends no STOP that came under another."""

from dataclasses import replace
from datetime import timedelta

import pytest
from flask import current_app
from sqlalchemy import select, update

from app.extensions import db, settings, vault
from app.inbound import routing
from app.inbound.recover import recover
from app.lib.message_status import MessageStatus
from app.lib.time.clock import now
from app.models import ConsentEvent, Message, OptOut, Tenant
from app.outbox.drain import drain
from app.outbox.queue.claim import claim
from app.outbox.queue.opt_out import opted_out
from app.tenancy import tenant_scope
from tests.inbound.test_recover import LATER, text
from tests.support import twilio as twilio_posts
from tests.support.browser import Browser
from tests.support.carrier import Carrier
from tests.support.world import ACCOUNT, NOON, Business, hear, say, sid

OWN, OTHER = "AC" + "2" * 32, "AC" + "3" * 32
TOKEN = "token-of-the-salons-own-0123456789"


def connect(business: Business, account: str | None, token: str = TOKEN) -> None:
    """The business enters an account of its own, or takes it out."""
    tenant = db.session.get_one(Tenant, business.id)
    tenant.twilio_account_sid = account
    tenant.twilio_auth_token_sealed = vault().seal(token) if account else None
    db.session.commit()


def stopped(business: Business) -> bool:
    with tenant_scope(business.id):
        found = opted_out("sms", business.customer_number)
        db.session.rollback()
    return found


def ledger(business: Business) -> list[tuple[str, str]]:
    with tenant_scope(business.id):
        events = db.session.scalars(select(ConsentEvent).order_by(ConsentEvent.id)).all()
        return [(event.said, event.account_sid) for event in events]


def leaves(business: Business) -> bool:
    """Whether a message to the customer is taken up for sending."""
    id_ = say(business, f"Hello {sid()}", status=MessageStatus.QUEUED)
    return id_ in [message.id for message in claim(now(), 10)]


def signed(business: Business, word: str, token: str) -> None:
    form = {"MessageSid": sid(), "From": business.customer_number, "To": business.number}
    form |= {"Body": word, "NumMedia": "0"}
    path = f"/api/twilio/{business.slug}/sms"
    assert twilio_posts.post(path, form, token=token).status_code == 200


def test_a_start_that_a_business_signs_itself_ends_no_stop_of_ours(
    salon: Business, garage: Business
) -> None:
    twilio_posts.text(salon, "STOP")
    connect(salon, OWN)
    signed(salon, "START", TOKEN)
    connect(salon, None)
    assert stopped(salon) and not leaves(salon) and not stopped(garage)
    assert ledger(salon) == [("stop", ACCOUNT)]


def test_a_start_that_is_found_in_the_list_of_its_own_account_does_not_either(
    twilio: Carrier, salon: Business, monkeypatch: pytest.MonkeyPatch
) -> None:
    twilio_posts.text(salon, "STOP")
    # Telephones write to the simulator's first account: here the business's own, and ours another.
    elsewhere = replace(settings(), twilio_account_sid=OTHER)
    monkeypatch.setitem(current_app.extensions, "settings", elsewhere)
    connect(salon, ACCOUNT, twilio.token)
    text(twilio, salon, "START")
    assert recover(now() + LATER) == 1
    assert stopped(salon) and ledger(salon)[0] == ("stop", ACCOUNT)


@pytest.mark.parametrize(
    ("stops", "starts", "ends"),
    [
        ([""], [""], True),
        ([OWN], [OWN], True),
        ([""], [OWN], False),
        ([OWN], [""], False),
        ([OWN], [OTHER], False),
        (["", OWN], [""], False),
        (["", OWN], [OWN], False),
        (["", OWN], [OWN, ""], True),
        (["", OWN, ""], ["", OWN], True),
    ],
)
def test_a_start_ends_only_what_was_stopped_under_its_own_account(
    salon: Business, stops: list[str], starts: list[str], ends: bool
) -> None:
    said = [("STOP", account) for account in stops] + [("START", account) for account in starts]
    for minute, (word, account) in enumerate(said):
        hear(salon, word, account=account, at=NOON + timedelta(minutes=minute))
    assert stopped(salon) is not ends
    assert leaves(salon) is ends


def test_each_word_is_kept_with_the_account_that_vouched_for_it(salon: Business) -> None:
    for word, account in (("STOP", ""), ("STOP", OWN), ("START", OTHER), ("START", OWN)):
        hear(salon, word, account=account)
    assert ledger(salon) == [("stop", ACCOUNT), ("stop", OWN), ("start", OWN)]


def test_staff_see_the_stop_that_stands_and_not_the_start_that_ended_another(
    salon: Business, staff: Browser
) -> None:
    hear(salon, "Stop", account=OWN)
    hear(salon, "Unsubscribe")
    hear(salon, "start", account=OWN)
    page = staff.get(f"/customers/{salon.customer_id}").text
    assert "Wants no messages" in page and "“Unsubscribe”" in page and "“start”" not in page
    hear(salon, "start")
    page = staff.get(f"/customers/{salon.customer_id}").text
    assert "Wants no messages" not in page and "“start”" in page


@pytest.mark.parametrize(("account", "by", "other"), [(OWN, OWN, ""), (ACCOUNT, "", OWN)])
@pytest.mark.parametrize("told", ["at once", "later"])
def test_a_carriers_stop_counts_for_the_account_that_the_message_left_by(
    twilio: Carrier, salon: Business, account: str, by: str, other: str, told: str
) -> None:
    # The simulator knows one account; whose a message is, its row says.
    if told == "at once":
        connect(salon, OWN if by else None, twilio.token)
        twilio.faults(reject={salon.customer_number: 21610})
        say(salon, "Hello", status=MessageStatus.QUEUED, provider_sid="none")
        drain(NOON)
    else:
        ours = sid()
        id_ = say(salon, "Hello", provider_sid=ours)
        with tenant_scope(salon.id):
            values = {"account_sid": account}
            db.session.execute(update(Message).where(Message.id == id_).values(**values))
            db.session.commit()
        connect(salon, OWN if by else None, twilio.token)
        routing.route("salon", fresh=True)
        form = {"MessageSid": ours, "MessageStatus": "failed", "ErrorCode": "21610"}
        twilio_posts.post("/api/twilio/salon/message-status", form)
    assert ledger(salon) == [("stop", account)]
    later = now() + timedelta(days=1)
    hear(salon, "START", account=other, at=later)
    assert stopped(salon)
    hear(salon, "START", account=by, at=later)
    assert not stopped(salon)


@pytest.mark.parametrize("account", ["", OWN])
def test_a_stop_from_before_accounts_were_kept_is_ended_by_any(
    salon: Business, garage: Business, account: str
) -> None:
    """Of a business with an account of its own nobody knows which it was (migration 0030)."""
    hear(salon, "STOP")
    hear(garage, "STOP")
    with tenant_scope(salon.id):
        db.session.execute(update(OptOut).values(accounts=[]))
        db.session.commit()
    hear(salon, "START", account=account)
    assert not stopped(salon) and stopped(garage)
