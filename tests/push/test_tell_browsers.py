"""Browsers of staff are told once that a customer wrote, and of nothing after their session."""

import base64
import json
from dataclasses import dataclass, field
from datetime import timedelta
from urllib.parse import urlsplit

import http_ece
import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from py_vapid import Vapid02
from sqlalchemy import select, update

from app.extensions import db, settings
from app.inbox import thread
from app.lib.keyed_hash import hashed
from app.lib.outside.web_call import WebAddress, WebAnswer
from app.lib.time.clock import now
from app.models import Conversation, PushSubscription, Sees, Tenant, User, UserSession
from app.push import subscriptions
from app.push.subscriptions import Given
from app.push.tell_browsers import tell_browsers
from app.push.vapid_key import public_key
from app.tenancy import tenant_scope, unscoped
from app.users.sessions import IDLE
from tests.support.browser import Browser
from tests.support.granted import assign, let
from tests.support.world import Business, hear, session_key


def base64url(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()


@dataclass
class Device:
    """Somebody's browser, with its private key."""

    name: str
    key: ec.EllipticCurvePrivateKey = field(
        default_factory=lambda: ec.generate_private_key(ec.SECP256R1())
    )
    secret: bytes = b"0123456789abcdef"

    @property
    def given(self) -> Given:
        point = self.key.public_key().public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)
        endpoint = f"https://push.example/{self.name}"
        return Given(endpoint, base64url(point), base64url(self.secret))

    def read(self, content: bytes) -> bytes:
        opened: bytes = http_ece.decrypt(content, private_key=self.key, auth_secret=self.secret)
        return opened


@dataclass
class Service:
    """Stands in for the push service of a browser's maker."""

    status: int = 201
    got: list[tuple[str, bytes, dict[str, str]]] = field(default_factory=list)

    def post(
        self, url: WebAddress, content: bytes, headers: dict[str, str], *_rest: object
    ) -> WebAnswer:
        self.got.append((url.target.strip("/"), content, headers))
        return WebAnswer(self.status, "", b"")

    @property
    def told(self) -> list[str]:
        return sorted(name for name, _, _ in self.got)


@pytest.fixture
def service(monkeypatch: pytest.MonkeyPatch) -> Service:
    service = Service()
    monkeypatch.setattr("app.push.tell_browsers.post", service.post)
    return service


def turn_on(owner: Business, email: str, notify: bool = True) -> Device:
    """The person wants to be told, on one device."""
    device = Device(email.partition("@")[0] + f"-{owner.slug}")
    with tenant_scope(owner.id):
        user = db.session.scalars(select(User).where(User.email == email)).one()
        user.alert_notify = notify
        user_id = user.id
        db.session.commit()
        subscriptions.subscribe(device.given, user_id, session_of(email), now())
    return device


def session_of(email: str) -> int:
    key = UserSession.key_hash == hashed(session_key(email))
    with unscoped("a test"):
        return db.session.scalars(select(UserSession.id).where(key)).one()


def of_the_talk(owner: Business, **values: object) -> None:
    with tenant_scope(owner.id):
        mine = update(Conversation).where(Conversation.customer_id == owner.customer_id)
        db.session.execute(mine.values(**values))
        db.session.commit()


def test_a_browser_is_told_once_and_learns_no_more_than_an_id(
    salon: Business, garage: Business, service: Service
) -> None:
    device, _ = turn_on(salon, salon.staff), turn_on(garage, garage.staff)
    hear(salon, "My secret text", at=now())
    tell_browsers(now())
    tell_browsers(now())
    ((name, content, headers),) = service.got
    assert name == "staff-salon"
    assert json.loads(device.read(content)) == {"customer": salon.customer_id}
    assert headers["Authorization"].endswith(f",k={public_key(settings().secret_key)}")
    assert Vapid02.verify(headers["Authorization"])
    claims = json.loads(subscriptions.raw(headers["Authorization"].split(".")[1]))
    assert claims["aud"] == "https://push.example"
    hear(salon, "And more", at=now())
    tell_browsers(now())
    assert len(service.got) == 2


def test_who_lacks_a_second_factor_that_is_required_is_told_nothing(
    salon: Business, garage: Business, service: Service
) -> None:
    for owner in (salon, garage):
        turn_on(owner, owner.staff)
        turn_on(owner, owner.admin)
    with tenant_scope(salon.id):
        db.session.get_one(Tenant, salon.id).second_factor_required = True
        admin = db.session.scalars(select(User).where(User.email == salon.admin)).one()
        admin.second_factor_since = now()
        db.session.commit()
    for owner in (salon, garage):
        hear(owner, "For anybody", at=now())
    tell_browsers(now())
    assert service.told == ["admin-garage", "admin-salon", "staff-garage"]


def test_what_is_read_or_old_is_not_told(salon: Business, service: Service) -> None:
    turn_on(salon, salon.staff)
    hear(salon, "Long ago", at=now() - timedelta(hours=1))
    tell_browsers(now())
    hear(salon, "Just now", at=now())
    with tenant_scope(salon.id):
        thread.mark_read(salon.customer_id, 2**62)
    tell_browsers(now())
    assert service.got == []


def test_of_somebodys_conversation_they_alone_are_told_and_only_who_wants_it(
    salon: Business, service: Service
) -> None:
    turn_on(salon, salon.staff)
    turn_on(salon, salon.admin)
    hear(salon, "For anybody", at=now())
    tell_browsers(now())
    assert service.told == ["admin-salon", "staff-salon"]
    with tenant_scope(salon.id):
        admin = db.session.scalars(select(User.id).where(User.email == salon.admin)).one()
    of_the_talk(salon, assignee_id=admin)
    hear(salon, "For the admin", at=now())
    tell_browsers(now())
    assert service.told == ["admin-salon", "admin-salon", "staff-salon"]
    turn_on(salon, salon.admin, notify=False)
    hear(salon, "For nobody", at=now())
    tell_browsers(now())
    assert len(service.got) == 3
    path = f"/settings/alerts/notice/{salon.customer_id}"
    assert not (Browser(salon.staff).get(path).json or {})["for_me"]
    with tenant_scope(salon.id):
        # Whose conversations wait for somebody who comes back no more are everybody's.
        db.session.get_one(User, admin).active = False
        db.session.commit()
    hear(salon, "For who is left", at=now())
    tell_browsers(now())
    assert service.told.count("staff-salon") == 2
    assert (Browser(salon.staff).get(path).json or {})["for_me"]


def test_whoever_does_not_see_a_conversation_is_not_told_of_it(
    salon: Business, service: Service
) -> None:
    turn_on(salon, salon.staff)
    let(salon.staff, sees=Sees.OWN)
    hear(salon, "For whoever sees it", at=now())
    tell_browsers(now())
    let(salon.staff, sees=Sees.OWN_AND_UNASSIGNED)
    assign(salon.id, salon.customer_id, salon.admin)
    with tenant_scope(salon.id):
        db.session.scalars(select(User).where(User.email == salon.admin)).one().active = False
        db.session.commit()
    hear(salon, "Of somebody who is gone", at=now())
    tell_browsers(now())
    assert service.told == []
    newest = "/settings/alerts/notice/newest"
    assert Browser(salon.staff).get(newest).json == {"for_me": False}, "nor by the page"
    assign(salon.id, salon.customer_id, None)
    hear(salon, "For anybody", at=now())
    tell_browsers(now())
    assert service.told == ["staff-salon"]
    told = Browser(salon.staff).get(newest).json or {}
    assert (told["path"], told["for_me"]) == (f"/messages/{salon.customer_id}", True)


def test_it_ends_with_the_session_and_where_the_push_service_knows_the_browser_no_more(
    salon: Business, garage: Business, service: Service
) -> None:
    turn_on(salon, salon.staff)
    turn_on(salon, salon.admin)
    with unscoped("a test"):
        ended = update(UserSession).where(UserSession.id == session_of(salon.staff))
        db.session.execute(ended.values(ended_at=now()))
        db.session.commit()
    service.status = 410
    hear(salon, "Who is there?", at=now())
    tell_browsers(now())
    assert service.told == ["admin-salon"]
    assert kept() == ["staff-salon"], "the admin's is gone"
    turn_on(garage, garage.staff)
    subscriptions.forget(now())
    assert kept() == ["staff-garage"]
    subscriptions.forget(now() + IDLE + timedelta(hours=13))
    assert kept() == []


def kept() -> list[str]:
    with unscoped("a test"):
        endpoints = db.session.scalars(select(PushSubscription.endpoint)).all()
    return sorted(urlsplit(endpoint).path.strip("/") for endpoint in endpoints)


def test_a_person_has_so_many_browsers_and_each_business_its_turn(
    salon: Business, garage: Business, service: Service, monkeypatch: pytest.MonkeyPatch
) -> None:
    turn_on(salon, salon.staff)
    with tenant_scope(salon.id):
        them = db.session.scalars(select(User.id).where(User.email == salon.staff)).one()
        for place in range(subscriptions.MOST):
            given = Device(f"more-{place}").given
            subscriptions.subscribe(given, them, session_of(salon.staff), now())
    assert len(kept()) == subscriptions.MOST and "staff-salon" not in kept()
    turn_on(garage, garage.staff)
    monkeypatch.setattr("app.push.tell_browsers.THREADS", 1)
    for business in (salon, garage):
        hear(business, "At once", at=now())
    tell_browsers(now())
    assert "staff-garage" in [name for name, _, _ in service.got[:2]]


def test_a_browser_in_which_another_signs_in_is_theirs_alone(
    salon: Business, garage: Business, service: Service
) -> None:
    device = turn_on(salon, salon.staff)
    turn_on(garage, garage.staff)
    with tenant_scope(garage.id):
        them = db.session.scalars(select(User.id).where(User.email == garage.staff)).one()
        subscriptions.subscribe(device.given, them, session_of(garage.staff), now())
    hear(salon, "For the salon", at=now())
    tell_browsers(now())
    assert service.got == []
    hear(garage, "For the garage", at=now())
    tell_browsers(now())
    assert service.told == ["staff-garage", "staff-salon"]


def test_the_page_keeps_what_a_person_wants_and_what_a_browser_gives(
    salon: Business, garage: Business, staff: Browser, operator: Browser
) -> None:
    page = "/settings/alerts/"
    assert staff.post(page, data={"sound": "1", "notify": "1"}).status_code == 302
    told = staff.get("/messages").text
    assert 'data-sound="1"' in told and public_key(settings().secret_key) in told
    given = Device("from-the-page").given
    keys = {"p256dh": given.p256dh, "auth": given.auth}
    said = {"endpoint": given.endpoint, "keys": keys}
    path = f"{page}subscription"
    assert staff.post(path, json=said).status_code == 204
    assert kept() == ["from-the-page"]
    for wrong in ({"endpoint": "http://10.0.0.1/"}, {"keys": {"auth": "x"}}, {"keys": 5}):
        assert staff.post(path, json=said | wrong).status_code == 422
    assert staff.post(path, json={"endpoint": given.endpoint, "off": True}).status_code == 204
    assert kept() == []
    operator.post(f"/admin/tenants/enter/{salon.id}")
    operator.refresh_token()
    assert operator.post(path, json=said).status_code == 422
    assert operator.get(page).status_code == 200


def test_a_notice_names_the_customer_to_those_whom_it_is_for(
    salon: Business, garage: Business, staff: Browser, admin: Browser
) -> None:
    hear(salon, "Hello", at=now())
    path = "/settings/alerts/notice/"
    assert staff.get(f"{path}{salon.customer_id}").json == {
        "title": "Ann Salon",
        "body": "New message",
        "path": f"/messages/{salon.customer_id}",
        "for_me": True,
    }
    with tenant_scope(salon.id):
        admin_id = db.session.scalars(select(User.id).where(User.email == salon.admin)).one()
    of_the_talk(salon, assignee_id=admin_id)
    assert '"for_me":false' in staff.get(f"{path}{salon.customer_id}").text
    assert staff.get(f"{path}{garage.customer_id}").status_code == 404
