"""A mailbox is connected at a page of Google or its stand-in: by the browser that was sent there,
once, and for its business."""

from collections.abc import Iterator
from dataclasses import replace
from urllib.parse import parse_qs, urlsplit

import pytest
import requests
from flask import Flask

from app.extensions import limiter
from app.inbound.mailboxes import connect_mailbox, mailbox_access
from app.lib.mail.oauth_client import OAuthClient
from app.providers.oauth import Vendor
from tests.support import dovecot, oauth_server
from tests.support.browser import Browser
from tests.support.dovecot import Dovecot
from tests.support.email_in import written
from tests.support.mailbox import look, said, state
from tests.support.oauth_server import CLIENT, SECRET, OAuthServer
from tests.support.world import Business

PAGE, VENDOR = "/admin/mailbox/", "/admin/mailbox/vendor"
DID_NOT = "did not let us connect the mailbox"


@pytest.fixture
def google(imap: Dovecot, app: Flask, monkeypatch: pytest.MonkeyPatch) -> Iterator[OAuthServer]:
    """Its pages, and its mail server, are on this machine."""
    limiter.reset()
    named = mailbox_access.vendor

    def here(key: str) -> Vendor:
        return replace(named(key), imap_host=dovecot.HOST)

    monkeypatch.setattr("admin_views.mailbox.vendor_page.named", here)
    monkeypatch.setattr(connect_mailbox, "TLS_PORT", imap.tls)
    with oauth_server.running(imap.introspection) as running:
        ours = {"google": OAuthClient(CLIENT, SECRET)}
        changed = {"oauth_urls": {"google": running.url}, "oauth_clients": ours}
        monkeypatch.setitem(
            app.extensions, "settings", replace(app.extensions["settings"], **changed)
        )
        yield running


def sent_to(person: Browser) -> str:
    answer = person.get(f"{VENDOR}/google/connect")
    assert answer.status_code == 302
    return str(answer.location)


def brought_back(way: str) -> str:
    """They allow it, and are sent back: to where."""
    answer = requests.get(way, allow_redirects=False, timeout=5)
    return answer.headers["Location"].removeprefix("http://localhost")


def test_a_mailbox_is_connected_by_google(
    imap: Dovecot, salon: Business, admin: Browser, google: OAuthServer
) -> None:
    box = imap.add(google.address)
    assert "Connect with Google" in admin.get(PAGE).text
    assert "Connect with Microsoft" not in admin.get(PAGE).text
    way = sent_to(admin)
    asked = parse_qs(urlsplit(way).query)
    assert way.startswith(f"{google.url}/authorize?")
    assert asked["redirect_uri"] == [f"http://localhost{VENDOR}/google/connected"]
    assert (asked["code_challenge_method"], asked["access_type"]) == (["S256"], ["offline"])
    page = admin.get(brought_back(way), follow_redirects=True).text
    assert "Connected." in page and "by Google" in page
    assert not any(token in page for token in (*google.good, google.refresh, SECRET))
    box.deliver(written("By Google"))
    look()
    assert said(salon) == ["By Google"]
    assert (state(salon).auth, state(salon).address) == ("google", "hello@salon.test")


def test_what_comes_back_counts_once(
    imap: Dovecot, salon: Business, admin: Browser, google: OAuthServer
) -> None:
    imap.add(google.address)
    back = brought_back(sent_to(admin))
    assert "Connected." in admin.get(back, follow_redirects=True).text
    assert DID_NOT in admin.get(back, follow_redirects=True).text
    assert len(google.asked) == 1


def test_another_browser_another_business_and_a_guess_are_refused(
    imap: Dovecot,
    salon: Business,
    garage: Business,
    admin: Browser,
    operator: Browser,
    google: OAuthServer,
) -> None:
    back = brought_back(sent_to(admin))
    assert DID_NOT in Browser(garage.admin).get(back, follow_redirects=True).text
    assert DID_NOT in Browser(salon.admin).get(back, follow_redirects=True).text
    guess = back.partition("&state=")[0] + "&state=guess"
    assert DID_NOT in admin.get(guess, follow_redirects=True).text
    operator.post(f"/admin/tenants/enter/{salon.id}")
    back = brought_back(sent_to(operator))
    operator.post(f"/admin/tenants/enter/{garage.id}")
    assert DID_NOT in operator.get(back, follow_redirects=True).text
    assert google.asked == []


def test_who_says_no_at_google_is_told_what_to_do(
    salon: Business, admin: Browser, google: OAuthServer
) -> None:
    state_of = parse_qs(urlsplit(sent_to(admin)).query)["state"][0]
    refused = f"{VENDOR}/google/connected?error=access_denied&state={state_of}"
    assert DID_NOT in admin.get(refused, follow_redirects=True).text


def test_where_our_app_is_not_set_up_there_is_no_button(salon: Business, admin: Browser) -> None:
    assert "Connect with" not in admin.get(PAGE).text
    page = admin.get(f"{VENDOR}/google/connect", follow_redirects=True).text
    assert "Ask your operator" in page
    assert admin.get(f"{VENDOR}/yahoo/connect").status_code == 404


def test_tokens_that_were_made_by_hand_connect_it_too(
    imap: Dovecot, salon: Business, admin: Browser, google: OAuthServer
) -> None:
    box = imap.add(google.address)
    form = {
        "vendor": "google",
        "address": google.address,
        "client_id": CLIENT,
        "client_secret": SECRET,
        "refresh_token": "wrong",
    }
    told = admin.post(f"{VENDOR}/", data=form, follow_redirects=True).text
    assert "Your permission to read the mailbox has ended" in told
    right = form | {"refresh_token": google.refresh}
    page = admin.post(f"{VENDOR}/", data=right, follow_redirects=True).text
    assert "Connected." in page and SECRET not in page
    box.deliver(written("By hand"))
    look()
    assert said(salon) == ["By hand"]
    assert state(salon).client_id == CLIENT
    lacking = admin.post(f"{VENDOR}/", data={"vendor": "google"}, follow_redirects=True)
    assert "Fill in all" in lacking.text
