"""A mailbox at Google or Microsoft: the token is renewed in time, and never more often; Dovecot and
a server of tokens stand in for them."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta

import pytest
from flask import Flask, current_app
from sqlalchemy import select

from app.extensions import db, vault
from app.inbound.mailboxes import connect_mailbox, mailbox_access, read_mailboxes
from app.inbound.mailboxes.mailbox_access import RENEWED
from app.lib.mail.oauth_client import OAuthClient
from app.lib.time.clock import now
from app.models import Mailbox
from app.providers.imap import MailboxError, Trouble
from app.providers.oauth import VENDORS, Tokens, exchanged
from app.tenancy import tenant_scope
from tests.support import dovecot, oauth_server
from tests.support.dovecot import Dovecot, Maildir
from tests.support.email_in import written
from tests.support.mailbox import look, said, state
from tests.support.oauth_server import CLIENT, SECRET, OAuthServer
from tests.support.world import Business

OURS = OAuthClient(CLIENT, SECRET)


@pytest.fixture
def vendor(imap: Dovecot, app: Flask, monkeypatch: pytest.MonkeyPatch) -> Iterator[OAuthServer]:
    """Google, as the settings name it."""
    with oauth_server.running(imap.introspection) as running:
        before = app.extensions["settings"]
        named = {"oauth_urls": {"google": running.url}, "oauth_clients": {"google": OURS}}
        monkeypatch.setitem(app.extensions, "settings", replace(before, **named))
        yield running


def connected(business: Business, server: Dovecot, vendor: OAuthServer) -> Maildir:
    """By tokens that are good for an hour."""
    box = server.add(vendor.address)
    vendor.good = {"access-0"}
    tokens = Tokens("access-0", now() + timedelta(hours=1), vendor.refresh)
    google = replace(mailbox_access.vendor("google"), imap_host=dovecot.HOST)
    with tenant_scope(business.id), pytest.MonkeyPatch.context() as patch:
        patch.setattr(connect_mailbox, "TLS_PORT", server.tls)
        connect_mailbox.connect_by_tokens(google, vendor.address, tokens, None, now())
    db.session.remove()
    return box


def ends_at(business: Business, **left: float) -> None:
    with tenant_scope(business.id):
        row = db.session.scalars(select(Mailbox)).one()
        row.access_token_ends_at = now() + timedelta(**left)
        db.session.commit()
    db.session.remove()


def refresh_token(business: Business) -> str:
    return vault().open(state(business).refresh_token_sealed or "")


def test_a_mailbox_is_read_by_an_access_token_and_no_new_one_is_asked_for(
    imap: Dovecot, salon: Business, vendor: OAuthServer
) -> None:
    connected(salon, imap, vendor).deliver(written("By token"))
    look()
    look()
    assert said(salon) == ["By token"]
    assert vendor.asked == []


def test_one_that_ends_within_five_minutes_is_renewed_and_the_new_refresh_token_is_kept(
    imap: Dovecot, salon: Business, vendor: OAuthServer
) -> None:
    box = connected(salon, imap, vendor)
    ends_at(salon, minutes=4)
    box.deliver(written("By the next token"))
    look()
    assert said(salon) == ["By the next token"]
    [asked] = vendor.asked
    assert (asked["grant_type"], asked["refresh_token"]) == ("refresh_token", "refresh-0")
    assert refresh_token(salon) == vendor.refresh != "refresh-0"
    kept = state(salon)
    assert kept.access_token_ends_at and kept.access_token_ends_at > now() + RENEWED
    look()
    assert len(vendor.asked) == 1


def test_a_refresh_token_that_is_not_replaced_stays(
    imap: Dovecot, salon: Business, vendor: OAuthServer
) -> None:
    connected(salon, imap, vendor)
    vendor.rotates = False
    ends_at(salon, minutes=-1)
    look()
    assert refresh_token(salon) == "refresh-0"
    assert state(salon).trouble is None


def test_the_new_tokens_are_kept_even_where_the_mailbox_cannot_be_read(
    imap: Dovecot, salon: Business, vendor: OAuthServer
) -> None:
    connected(salon, imap, vendor)
    ends_at(salon, minutes=-1)
    with tenant_scope(salon.id):
        db.session.scalars(select(Mailbox)).one().folder = "Gone"
        db.session.commit()
    look()
    assert state(salon).trouble == "folder"
    assert refresh_token(salon) == vendor.refresh


def test_whoever_dies_after_the_tokens_were_stored_loses_none(
    imap: Dovecot, salon: Business, vendor: OAuthServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    connected(salon, imap, vendor).deliver(written("After all"))
    ends_at(salon, minutes=-1)

    def killed(*_: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as during, pytest.raises(KeyboardInterrupt):
        during.setattr(read_mailboxes, "read_new", killed)
        look()
    look()
    assert said(salon) == ["After all"]
    assert len(vendor.asked) == 1


@pytest.mark.parametrize(
    ("answer", "told"),
    [
        ((400, {"error": "invalid_grant", "error_description": "AADSTS50173"}), "token_dead"),
        ((401, {"error": "invalid_client"}), "not_set_up"),
        ((400, {"error": {"code": 1}}), "token_untold"),
        ((503, b"<html>down"), "token_untold"),
        ((200, b"[]"), "token_untold"),
        ((200, {"access_token": "a\r\nb"}), "token_untold"),
        ((200, {"access_token": 7}), "token_untold"),
        ((302, {}), "token_untold"),
    ],
)
def test_why_there_is_no_token_is_told(
    imap: Dovecot,
    salon: Business,
    vendor: OAuthServer,
    answer: tuple[int, object],
    told: str,
) -> None:
    connected(salon, imap, vendor)
    ends_at(salon, minutes=-1)
    vendor.refuses = answer
    look()
    assert state(salon).trouble == told
    assert refresh_token(salon) == "refresh-0"


def test_a_token_that_the_mail_server_does_not_take_is_told(
    imap: Dovecot, salon: Business, vendor: OAuthServer
) -> None:
    connected(salon, imap, vendor)
    vendor.good = set()
    look()
    assert state(salon).trouble == "token_refused"
    look()
    assert len(vendor.asked) == 1, "it may have been taken back: another one is asked for"
    assert state(salon).trouble is None


def test_without_our_app_a_mailbox_says_so_and_one_with_its_own_goes_on(
    imap: Dovecot, salon: Business, vendor: OAuthServer
) -> None:
    connected(salon, imap, vendor)
    ends_at(salon, minutes=-1)
    settings = current_app.extensions["settings"]
    current_app.extensions["settings"] = replace(settings, oauth_clients={})
    look()
    assert state(salon).trouble == "not_set_up"
    with tenant_scope(salon.id):
        row = db.session.scalars(select(Mailbox)).one()
        row.client_id, row.client_secret_sealed = CLIENT, vault().seal(SECRET)
        db.session.commit()
    look()
    assert state(salon).trouble is None


def test_nothing_of_a_token_stands_in_the_database_or_a_repr(
    imap: Dovecot, salon: Business, vendor: OAuthServer
) -> None:
    connected(salon, imap, vendor)
    row = state(salon)
    stored = " ".join(str(getattr(row, column.key)) for column in Mailbox.__table__.columns)
    assert "access-0" not in stored and "refresh-0" not in stored
    with tenant_scope(salon.id):
        access = mailbox_access.access_to(row)
    assert "access-0" not in repr(access) and access.secret == "access-0"
    assert "refresh-0" not in repr(Tokens("a", now(), "refresh-0"))
    assert SECRET not in repr(OURS)


def test_a_code_without_a_refresh_token_is_not_enough(vendor: OAuthServer) -> None:
    google = mailbox_access.vendor("google")
    vendor.rotates = False
    vendor.challenges["code"] = "47DEQpj8HBSa-_TImW-5JCeuQeRkm5NMpJWZG3hSuFU"
    with pytest.raises(MailboxError) as error:
        exchanged(google, OURS, "code", "", "http://localhost/back", now())
    assert error.value.trouble is Trouble.TOKEN_DEAD


def test_google_and_microsoft_are_asked_at_addresses_of_ours() -> None:
    hosts = {url for each in VENDORS.values() for url in (each.token_url, each.authorize_url)}
    assert all(url.startswith("https://") for url in hosts)
