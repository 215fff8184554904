"""The provider is found by an address, of which nothing is said."""

import re

import pytest

from tests.support.browser import TOKEN, Browser
from tests.support.openid_provider import Provider
from tests.support.single_sign_on import change, connect
from tests.support.world import Business


def asked(email: str, browser: Browser | None = None) -> str:
    """The page that answers, without what is another each time."""
    browser = browser or Browser()
    answer = browser.post("/login/sso", data={"email": email})
    assert answer.status_code == 200
    page = TOKEN.sub("", answer.text).replace(email, "")
    return re.sub(r'nonce="[^"]*"', "", page)


def test_every_address_of_a_domain_has_the_same_answer(provider: Provider, salon: Business) -> None:
    known = asked(salon.staff)
    assert 'content="0; url=/login/sso/salon"' in known
    for email in ("nobody@salon.test", " ADMIN@Salon.TEST ", "x@y@salon.test", "@salon.test"):
        assert asked(email) == known, email
    change(salon.staff, lambda user: setattr(user, "active", False))
    assert asked(salon.staff) == known, "somebody is left"


def test_what_is_no_ones_domain_or_several_businesses_leads_nowhere(
    provider: Provider, salon: Business, garage: Business
) -> None:
    nowhere = asked("somebody@nowhere.test")
    assert "no single sign-on that could be found" in nowhere and "/login/sso/salon" not in nowhere
    change(garage.staff, lambda user: setattr(user, "email", "x@salon.test"))
    assert asked(salon.staff) == asked("x@salon.test") == asked("nobody@salon.test") == nowhere
    connect(garage, provider.url, enabled=False)
    assert asked(garage.admin) == nowhere


@pytest.mark.parametrize("email", ["", "x" * 300, "' OR 1=1 --@%", "@"])
def test_nonsense_leads_nowhere(provider: Provider, email: str) -> None:
    assert "/login/sso/salon" not in asked(email)


def test_the_address_goes_along_and_stands_in_no_address_of_ours(
    provider: Provider, salon: Business
) -> None:
    browser = Browser()
    page = browser.post("/login/sso?next=/customers/1", data={"email": salon.staff}).text
    assert 'url=/login/sso/salon?next=/customers/1"' in page
    assert "login_hint=staff%40salon.test" in browser.get("/login/sso/salon").location
    assert "login_hint" not in browser.get("/login/sso/salon").location, "it is used once"


def test_the_sign_in_page_leads_there_also_where_nobody_has_a_provider(salon: Business) -> None:
    page = Browser().get("/login?next=/customers/1").text
    assert 'href="/login/sso?next=/customers/1"' in page.replace("%2F", "/")
    assert "With a password" in Browser().get("/login/sso").text
