"""What an account vouched for is asked of that account alone, whatever account holds later."""

import json
from datetime import timedelta

import pytest
import requests
from sqlalchemy import select

from app.extensions import db, vault
from app.inbound import lost_calls, media_fetch, routing
from app.lib.message_status import MessageStatus
from app.lib.telephone.call_outcome import CallOutcome
from app.models import Call, Media, Message, Tenant
from app.models.sender_number import OURS
from app.numbers.prove import prove_due
from app.outbox.senders.twilio_senders import own_account
from app.providers import provider
from app.providers.contract import Account, Outcome, SendError
from app.providers.twilio import TwilioProvider
from app.tenancy import tenant_scope
from tests.admin_views.operator.test_tenants import settings
from tests.conftest import SID, TOKEN
from tests.inbound.test_media_fetch import LATER, PATH, state
from tests.support import twilio as posts
from tests.support import world
from tests.support.browser import Browser
from tests.support.carrier import OWN, Carrier
from tests.support.world import Business

NO_SIDS = (
    "SM1",
    f"SM{'1' * 31}",
    f"SM{'1' * 33}",
    f"SM{'1' * 31}g",
    f"../SM{'1' * 32}",
    f"%2e%2e/SM{'1' * 32}",
    f"SM{'1' * 32}/Media",
    f"AC{'1' * 32}",
)


def connect(business: Business, sid: str | None) -> None:
    """The business enters an account of its own, or removes it."""
    tenant = db.session.get_one(Tenant, business.id)
    tenant.twilio_account_sid = sid
    tenant.twilio_auth_token_sealed = vault().seal(TOKEN) if sid else None
    db.session.commit()
    # All accounts have one token here: what is remembered for some seconds would still be right.
    routing.route(business.slug, fresh=True)


def picture(business: Business, url: str, account: str) -> int:
    """A webhook that the account signed, with an attachment; the id of its row."""
    form = {"AccountSid": account, "NumMedia": "1", "MediaUrl0": url}
    assert posts.text(business, "Look", **form).status_code == 200
    with tenant_scope(business.id):
        return db.session.scalars(select(Media.id).order_by(Media.id.desc())).first() or 0


@pytest.fixture
def nobody_is_asked(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("_get", "look_up", "look_up_call"):
        monkeypatch.setattr(TwilioProvider, name, lambda *_: pytest.fail("Twilio was asked"))


@pytest.mark.usefixtures("nobody_is_asked")
@pytest.mark.parametrize("later", [None, OWN[1]], ids=["ours", "another"])
def test_an_attachment_that_came_by_a_removed_account_is_asked_of_no_other(
    twilio: Carrier, salon: Business, garage: Business, later: str | None
) -> None:
    connect(salon, OWN[0])
    own = picture(salon, f"{PATH}{'1' * 32}".replace(SID, OWN[0]), OWN[0])
    ours = picture(salon, f"{PATH}{'1' * 32}", OWN[0])
    connect(salon, later)
    media_fetch.fetch_due(LATER)
    assert state(salon, own) == ("failed", media_fetch.ANOTHER_ACCOUNT)
    assert state(salon, ours)[0] == "failed"


def test_the_premise_an_attachment_is_fetched_from_the_account_that_it_came_by(
    twilio: Carrier, salon: Business, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[tuple[str, str] | None] = []
    monkeypatch.setattr(
        TwilioProvider, "_get", lambda _self, _url, auth: asked.append(auth) or _answer(b"\x89PNG")
    )
    connect(salon, OWN[0])
    id_ = picture(salon, f"{PATH}{'1' * 32}".replace(SID, OWN[0]), OWN[0])
    media_fetch.fetch_due(LATER)
    assert (state(salon, id_)[0], asked) == ("stored", [(OWN[0], TOKEN)])


@pytest.mark.usefixtures("nobody_is_asked")
def test_a_call_that_came_by_a_removed_account_is_asked_of_no_other_and_rings_no_more(
    salon: Business, garage: Business
) -> None:
    connect(salon, OWN[0])
    with tenant_scope(salon.id):
        tenant = db.session.get_one(Tenant, salon.id)
        tenant.forward_calls_to = "+14155550101"
        db.session.commit()
    call = posts.payload("voice_in_ringing", AccountSid=OWN[0], To=salon.number)
    assert posts.post("/api/twilio/salon/answer", call).status_code == 200
    connect(salon, None)
    with tenant_scope(salon.id):
        query = select(Call).where(Call.provider_sid == call["CallSid"])
        began = db.session.scalars(query).one().started_at
    lost_calls.look_up(began + timedelta(minutes=11))
    with tenant_scope(salon.id):
        kept = db.session.scalars(query.execution_options(populate_existing=True)).one()
        assert (kept.outcome, kept.account_sid) == (CallOutcome.UNKNOWN, OWN[0])


def test_whoever_enters_our_own_account_speaks_for_nobody(
    salon: Business, garage: Business, admin: Browser
) -> None:
    """Our SID beside a token of one's own: what it signs would be asked of us later."""
    tenant = db.session.get_one(Tenant, salon.id)
    tenant.twilio_account_sid, forged = SID, "f" * 32
    tenant.twilio_auth_token_sealed = vault().seal(forged)
    db.session.commit()
    routing.route(salon.slug, fresh=True)
    form = posts.payload("sms_in", MediaUrl0=f"{PATH}{'1' * 32}", NumMedia="1")
    assert posts.post("/api/twilio/salon/sms", form, token=forged).status_code == 403
    assert posts.post("/api/twilio/salon/sms", form).status_code == 200, "the premise"
    assert own_account(db.session.get_one(Tenant, salon.id)) == OURS
    prove_due(LATER)
    db.session.rollback()
    assert db.session.get_one(Tenant, salon.id).twilio_account_sid is None
    page = admin.post(
        "/admin/business/",
        data=settings(salon, twilio_account_sid=SID, twilio_auth_token=forged),
    )
    assert "This is our own account" in page.text
    db.session.rollback()
    assert db.session.get_one(Tenant, salon.id).twilio_account_sid is None


def test_no_account_tells_more_of_a_call_that_another_vouched_for(
    salon: Business, garage: Business
) -> None:
    ringing = posts.payload("voice_status_completed_inbound", CallStatus="ringing")
    assert posts.post("/api/twilio/salon/status", ringing).status_code == 200
    connect(salon, OWN[0])
    over = ringing | {"AccountSid": OWN[0], "CallStatus": "no-answer"}
    assert posts.post("/api/twilio/salon/status", over).status_code == 200
    with tenant_scope(salon.id):
        query = select(Call.outcome).where(Call.provider_sid == ringing["CallSid"])
        assert db.session.scalars(query).one() == CallOutcome.RINGING


@pytest.mark.parametrize("route", ["sms", "whatsapp", "message-status", "answer", "status"])
def test_nobody_signs_for_another_account(salon: Business, route: str) -> None:
    connect(salon, None)
    form = posts.payload("sms_in", CallSid=f"CA{'1' * 32}", CallStatus="ringing")
    form |= {"MessageStatus": "sent", "AccountSid": OWN[0]}
    assert posts.post(f"/api/twilio/salon/{route}", form).status_code == 403
    form["AccountSid"] = SID
    assert posts.post(f"/api/twilio/salon/{route}", form).status_code in (200, 204)


def test_a_report_moves_no_message_that_left_by_another_account(
    salon: Business, garage: Business
) -> None:
    id_ = world.say(salon, "Hello", status=MessageStatus.UNKNOWN)
    with tenant_scope(salon.id):
        message = db.session.get_one(Message, id_)
        message.provider_sid, mid = None, message.public_id
        db.session.commit()
    connect(salon, OWN[0])
    form = posts.payload("sms_status_sent_service", MessageSid=f"SM{'2' * 32}", AccountSid=OWN[0])
    path = f"/api/twilio/salon/message-status?mid={mid}"
    assert posts.post(path, form).status_code == 204
    with tenant_scope(salon.id):
        db.session.refresh(db.session.get_one(Message, id_))
        assert db.session.get_one(Message, id_).provider_sid is None
    connect(salon, None)
    assert posts.post(path, form | {"AccountSid": SID}).status_code == 204
    with tenant_scope(salon.id):
        db.session.refresh(db.session.get_one(Message, id_))
        assert db.session.get_one(Message, id_).provider_sid == f"SM{'2' * 32}"


@pytest.mark.parametrize("sid", NO_SIDS)
def test_what_is_no_sid_is_refused_as_it_comes_in(salon: Business, sid: str) -> None:
    call = sid.replace("SM", "CA")
    form = posts.payload("sms_in", MessageSid=sid, CallSid=call, CallStatus="ringing")
    for route in ("sms", "whatsapp", "message-status", "answer", "status", "whisper"):
        answer = posts.post(f"/api/twilio/salon/{route}", form | {"MessageStatus": "sent"})
        assert (answer.status_code, "no SID" in answer.text) == (400, True), route


@pytest.mark.parametrize("sid", NO_SIDS)
def test_what_is_no_sid_is_asked_of_nobody(
    salon: Business, monkeypatch: pytest.MonkeyPatch, sid: str
) -> None:
    carrier = provider("twilio")
    assert isinstance(carrier, TwilioProvider)
    monkeypatch.setattr(carrier, "_client", lambda _account: pytest.fail("Twilio was asked"))
    with pytest.raises(SendError):
        carrier.look_up(Account(SID, TOKEN), sid)
    end = carrier.look_up_call(Account(SID, TOKEN), sid.replace("SM", "CA"), screened=False)
    assert end.outcome is CallOutcome.UNKNOWN


@pytest.mark.parametrize("kind", ["application/json", "application/xml", "text/xml; charset=utf-8"])
def test_what_the_api_itself_says_is_no_attachment(
    salon: Business, monkeypatch: pytest.MonkeyPatch, kind: str
) -> None:
    carrier = provider("twilio")
    assert carrier
    said = _answer(json.dumps({"messages": [{"body": "another's"}]}).encode(), kind)
    monkeypatch.setattr(carrier, "_get", lambda *_: said)
    with pytest.raises(SendError) as error:
        carrier.fetch(Account(SID, TOKEN), f"{PATH}{'1' * 32}")
    assert error.value.outcome is Outcome.REFUSED


def _answer(content: bytes, kind: str = "image/png") -> requests.Response:
    from io import BytesIO

    from urllib3 import HTTPResponse

    answer = requests.Response()
    answer.status_code = 200
    answer.headers["Content-Type"] = kind
    answer.raw = HTTPResponse(BytesIO(content), preload_content=False)
    return answer
