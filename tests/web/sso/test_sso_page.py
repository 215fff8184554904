"""Somebody signs in by their business's provider: they and nobody else, there and nowhere else."""

import logging
from datetime import timedelta

import pytest
from sqlalchemy import select

from app.extensions import db
from app.lib.time.clock import now
from app.models import AuditEntry, Tenant, User, UserInvitation, UserSession
from app.tenancy import unscoped
from app.web.sso import sso_trip
from tests.admin_views.reading import everybodys, rows
from tests.support.authenticator import given
from tests.support.browser import Browser
from tests.support.openid_provider import SECRET, Provider
from tests.support.single_sign_on import arrive, bound, change, come, connect, is_in
from tests.support.world import Business, operator


def people(business: Business) -> dict[str, str]:
    return {user.email: user.role for user in rows(business, User)}


def did(business: Business, action: str) -> list[AuditEntry]:
    return [entry for entry in rows(business, AuditEntry) if entry.action == action]


def test_whoever_comes_back_with_their_verified_address_is_signed_in_and_known_from_then_on(
    provider: Provider, salon: Business, garage: Business
) -> None:
    browser = Browser()
    assert come(provider, salon, browser).location == "/"
    assert is_in(browser, "Staff") and bound(salon) == [(salon.staff, "maya-1")]
    assert [entry.facts["by"] for entry in did(salon, "signed_in")] == ["single sign-on"]
    assert [entry.actor_name for entry in did(salon, "identity_bound")] == ["Staff"]
    provider.who |= {"email": "maya@elsewhere.test", "email_verified": False}
    again = Browser()
    assert come(provider, salon, again).location == "/" and is_in(again, "Staff")
    assert len(did(salon, "identity_bound")) == 1
    assert bound(garage) == [] and did(garage, "signed_in") == []


def test_a_provider_lets_nobody_of_another_business_in_whatever_it_says(
    provider: Provider, strangers: Provider, salon: Business, garage: Business
) -> None:
    """Nor makes it a user of them, nor of an operator."""
    connect(salon, provider.url, makes_staff=True, domains=["garage.test", "platform.test"])
    before = people(salon), people(garage)
    for email in (garage.staff, garage.admin.upper(), operator()):
        provider.who |= {"sub": f"sub-of-{email}", "email": email}
        browser = Browser()
        answer = come(provider, salon, browser)
        assert answer.status_code == 403 and "Nobody of this business" in answer.text
        assert not is_in(browser)
    assert (people(salon), people(garage)) == before and bound(salon) == []


def test_the_same_subject_at_another_provider_is_somebody_else(
    provider: Provider, strangers: Provider, salon: Business, garage: Business
) -> None:
    come(provider, salon)
    strangers.who["email"] = "nobody@garage.test"
    browser = Browser()
    assert come(strangers, garage, browser).status_code == 403 and not is_in(browser)


@pytest.mark.parametrize(
    ("said", "told"),
    [
        ({"email_verified": False}, "does not say that your email address is verified"),
        ({"email_verified": None}, "does not say that your email address is verified"),
        ({"email": None}, "does not tell your email address"),
        ({"email": "no address"}, "does not tell your email address"),
        ({"email": "nobody@salon.test"}, "An admin can add you"),
    ],
)
def test_who_is_not_let_in_reads_why_and_what_to_do(
    provider: Provider, salon: Business, said: dict[str, object], told: str
) -> None:
    provider.claimed = said
    browser = Browser()
    answer = come(provider, salon, browser)
    assert answer.status_code == 403 and told in answer.text and not is_in(browser)
    assert bound(salon) == []


def test_whoever_was_deactivated_stays_out(provider: Provider, salon: Business) -> None:
    change(salon.staff, lambda user: setattr(user, "active", False))
    assert "may not sign in here any more" in come(provider, salon).text and bound(salon) == []
    change(salon.staff, lambda user: setattr(user, "active", True))
    browser = Browser()
    come(provider, salon, browser)
    assert is_in(browser)
    change(salon.staff, lambda user: setattr(user, "active", False))
    assert not is_in(browser)
    assert "may not sign in here any more" in come(provider, salon).text


def test_an_address_that_changed_hands_there_is_nobodys_way_in(
    provider: Provider, salon: Business
) -> None:
    come(provider, salon)
    provider.who["sub"] = "who-has-it-now"
    browser = Browser()
    assert "from another account" in come(provider, salon, browser).text and not is_in(browser)
    assert bound(salon) == [(salon.staff, "maya-1")]


def test_newcomers_of_a_domain_become_staff_where_that_is_wanted_and_never_more(
    provider: Provider, salon: Business, garage: Business
) -> None:
    new = {
        "sub": "new",
        "email": "New.One@Salon.example",
        "name": "New\nOne",
        "role": "tenant_admin",
    }
    provider.who |= new
    assert come(provider, salon).status_code == 403
    connect(salon, provider.url, makes_staff=True, domains=["@Salon.Example"])
    browser = Browser()
    assert come(provider, salon, browser).location == "/" and is_in(browser, "New One")
    assert people(salon)["new.one@salon.example"] == "staff"
    assert [entry.actor_name for entry in did(salon, "joined")] == ["New One"]
    for email in ("x@evil.salon.example", "x@salon.example.evil", "x@othersalon.example"):
        provider.who |= {"sub": email, "email": email}
        assert come(provider, salon).status_code == 403
    assert len(people(salon)) == 3 and len(people(garage)) == 2


def test_whoever_was_invited_takes_the_invitation_first(
    provider: Provider, salon: Business
) -> None:
    """It has a role, which an admin has chosen."""
    connect(salon, provider.url, makes_staff=True, domains=["salon.example"])
    [invitation] = rows(salon, UserInvitation) or [None]
    with unscoped("tests"):
        if invitation is None:
            db.session.add(
                UserInvitation(
                    tenant_id=salon.id,
                    email="new@salon.example",
                    name="New",
                    role="tenant_admin",
                    created_at=now(),
                    expires_at=now() + timedelta(days=7),
                )
            )
        else:
            db.session.get_one(UserInvitation, invitation.id).email = "new@salon.example"
        db.session.commit()
    provider.who |= {"sub": "new", "email": "new@salon.example"}
    assert "You were invited" in come(provider, salon).text
    assert "new@salon.example" not in people(salon)


def test_two_first_sign_ins_are_one_user(provider: Provider, salon: Business) -> None:
    connect(salon, provider.url, makes_staff=True, domains=["salon.example"])
    provider.who |= {"sub": "new", "email": "new@salon.example"}
    one, other = Browser(), Browser()
    come(provider, salon, one), come(provider, salon, other)
    assert is_in(one, "Maya") and is_in(other, "Maya") and len(people(salon)) == 3


def test_an_answer_is_taken_once_in_time_and_from_the_browser_that_was_sent(
    provider: Provider, salon: Business, monkeypatch: pytest.MonkeyPatch
) -> None:
    browser, stranger = Browser(), Browser()
    back = provider.come_back(browser.get("/login/sso/salon").location)
    for who, given_back in ((stranger, back), (browser, back | {"state": "another"})):
        answer = arrive(who, salon, given_back)
        assert answer.status_code == 400 and "Begin anew" in answer.text
    assert arrive(browser, salon, back).status_code == 400, "it was used up"
    back = provider.come_back(browser.get("/login/sso/salon").location)
    assert arrive(browser, salon, back).location == "/"
    assert arrive(browser, salon, back).status_code == 400
    late = Browser()
    back = provider.come_back(late.get("/login/sso/salon").location)
    monkeypatch.setattr(sso_trip, "HOLDS", -1)
    assert arrive(late, salon, back).status_code == 400 and not is_in(late)
    assert [path for path, _ in provider.asked].count("/token") == 1


def test_the_answer_of_one_business_counts_for_no_other(
    provider: Provider, strangers: Provider, salon: Business, garage: Business
) -> None:
    """Also where the other's provider would vouch for somebody of this one (mix-up)."""
    browser = Browser()
    back = strangers.come_back(browser.get("/login/sso/garage").location)
    assert arrive(browser, salon, back).status_code == 400
    back = provider.come_back(browser.get("/login/sso/salon").location, iss=strangers.url)
    answer = arrive(browser, salon, back)
    assert answer.status_code == 403 and "another provider" in answer.text
    assert not is_in(browser) and "/token" not in dict(provider.asked) | dict(strangers.asked)


def test_signing_in_leads_where_one_wanted_to_go_and_never_away(
    provider: Provider, salon: Business
) -> None:
    assert come(provider, salon, next_="?next=/customers/1").location == "/customers/1"
    for evil in (
        "//evil.example",
        "https://evil.example/",
        "/\\evil.example",
        "javascript:x",
        "%09//evil.example",
    ):
        location = come(provider, salon, next_=f"?next={evil}").location
        assert location.startswith("/") and not location[1:].startswith(("/", "\\")), evil


def test_signing_in_begins_a_session_of_its_own_and_ends_the_one_before(
    provider: Provider, salon: Business, garage: Business
) -> None:
    browser = Browser()
    browser.sign_in(garage.staff)
    before = browser.client.get_cookie("session")
    come(provider, salon, browser)
    assert is_in(browser, "Bella") and before
    browser.client.set_cookie("session", before.value)
    assert not is_in(browser)
    ended = [row for row in everybodys(UserSession) if row.ended_at]
    assert [row.tenant_id for row in ended] == [garage.id]


def test_our_second_factor_is_asked_for_unless_the_provider_sees_to_it(
    provider: Provider, salon: Business
) -> None:
    app, _ = given(salon.staff)
    browser = Browser()
    answer = come(provider, salon, browser, next_="?next=/customers/1")
    assert answer.location.startswith("/login/code") and not is_in(browser)
    page = browser.get(answer.location).text
    assert salon.staff in page and "password of" not in page
    assert browser.post(answer.location, data={"code": app.code()}).location == "/customers/1"
    assert is_in(browser)
    connect(salon, provider.url, second_factor_by="told")
    assert come(provider, salon).location.startswith("/login/code")
    provider.claimed = {"amr": ["pwd", "mfa"]}
    assert come(provider, salon).location == "/"
    provider.claimed = {}
    connect(salon, provider.url, second_factor_by="provider")
    assert come(provider, salon).location == "/"


def test_who_needs_one_and_has_none_is_led_to_it_unless_the_provider_sees_to_it_by_now(
    provider: Provider, salon: Business
) -> None:
    db.session.get_one(Tenant, salon.id).second_factor_required = True
    db.session.commit()
    browser, by_password = Browser(), Browser()
    by_password.sign_in(salon.admin)
    come(provider, salon, browser)
    assert browser.get("/messages").location == "/second-factor"
    connect(salon, provider.url, second_factor_by="provider")
    assert is_in(browser) and by_password.get("/messages").location == "/second-factor"
    connect(salon, provider.url, second_factor_by="told")
    assert browser.get("/messages").location == "/second-factor"
    provider.claimed = {"amr": ["mfa"]}
    come(provider, salon, browser)
    assert is_in(browser)


def test_a_business_without_a_provider_is_answered_like_none(
    provider: Provider, salon: Business
) -> None:
    connect(salon, provider.url, enabled=False)
    off, unknown = (Browser().get(f"/login/sso/{slug}") for slug in ("salon", "no-such-business"))
    assert off.status_code == unknown.status_code == 404 and off.text == unknown.text


def test_what_is_turned_off_on_the_way_lets_nobody_in(provider: Provider, salon: Business) -> None:
    browser = Browser()
    back = provider.come_back(browser.get("/login/sso/salon").location)
    connect(salon, provider.url, enabled=False)
    assert arrive(browser, salon, back).status_code == 404 and not is_in(browser)


def test_a_provider_that_fails_is_told_in_words_and_no_secret_is(
    provider: Provider, salon: Business, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    provider.answers["/token"] = lambda: (401, b'{"error": "invalid_client"}')
    answer = come(provider, salon)
    assert answer.status_code == 403 and "client ID and secret" in answer.text
    provider.answers["/token"] = lambda: (500, b"")
    answer = come(provider, salon)
    assert answer.status_code == 403 and "could not be reached" in answer.text
    assert "Try" in answer.text and SECRET not in answer.text + caplog.text
    assert "a-code" not in caplog.text and "staff@salon.test" not in caplog.text


def test_the_thirty_first_way_in_a_minute_is_refused(provider: Provider, salon: Business) -> None:
    answers = [Browser().get("/login/sso/salon") for _ in range(31)]
    assert [answer.status_code for answer in answers] == [302] * 30 + [429]
    assert "Wait a minute" in answers[-1].text
    with unscoped("tests"):
        assert db.session.scalar(select(User.id).where(User.email == salon.staff))
