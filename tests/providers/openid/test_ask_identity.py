"""Who came back from a provider: believed only if all of it holds."""

import hmac
import json
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from functools import partial
from typing import Any

import pytest
from joserfc import jwt
from joserfc.jwk import RSAKey
from joserfc.util import urlsafe_b64encode

from app.lib.outside.networks import parse
from app.providers.openid import (
    Identity,
    OpenIDClient,
    OpenIDError,
    Trouble,
    ask_identity,
    begun,
    check_provider,
    guarded_session,
)
from tests.support.openid_provider import CLIENT, SECRET, Provider, key, running

BACK = "https://kaivox.test/login/sso/salon/callback"
LOOPBACK = (parse("127.0.0.1"),)
CONFIGURATION, TOKEN, KEYS = "/.well-known/openid-configuration", "/token", "/jwks"


@pytest.fixture
def provider() -> Iterator[Provider]:
    with running() as one:
        yield one


def client(provider: Provider, **other: Any) -> OpenIDClient:
    named = {"issuer": provider.url, "id": CLIENT, "secret": SECRET, "redirect_uri": BACK}
    return OpenIDClient(**{**named, "private": LOOPBACK, **other})


def come(provider: Provider, **back: str) -> Identity:
    ours = client(provider)
    way, one = begun(ours)
    return ask_identity(ours, one, provider.come_back(way, **back), datetime.now(UTC))


def wrong(provider: Provider, **back: str) -> tuple[Trouble, str]:
    with pytest.raises(OpenIDError) as error:
        come(provider, **back)
    return error.value.trouble, error.value.told


def test_whoever_comes_back_is_known_by_issuer_and_subject(provider: Provider) -> None:
    identity = come(provider)
    assert identity == Identity(
        provider.url, "maya-1", "staff@salon.test", True, "Maya", methods=()
    )
    posted = dict(provider.asked)[TOKEN]
    assert posted["redirect_uri"] == BACK and len(posted["code_verifier"]) >= 43
    assert posted["authorization"].startswith("Basic ") and SECRET not in str(posted)
    assert [path for path, _ in provider.asked] == [CONFIGURATION, TOKEN, KEYS]
    come(provider)
    assert [path for path, _ in provider.asked][3:] == [TOKEN], "the rest is kept"


@pytest.mark.parametrize(
    ("claim", "value"),
    [
        ("nonce", "of-another-sign-in"),
        ("nonce", None),
        ("aud", "another-app"),
        ("aud", []),
        ("aud", None),
        ("iss", "https://evil.example"),
        ("iss", None),
        ("exp", -3600),
        ("exp", None),
        ("exp", "soon"),
        ("iat", 3600),
        ("iat", None),
        ("nbf", 3600),
        ("sub", None),
        ("sub", ""),
        ("sub", 7),
        ("sub", "x" * 256),
        ("azp", "another-app"),
        ("at_hash", "of-another-token"),
        ("amr", "mfa"),
    ],
)
def test_a_claim_that_does_not_hold_is_named(provider: Provider, claim: str, value: object) -> None:
    in_seconds = claim in ("exp", "iat", "nbf") and isinstance(value, int)
    provider.claimed = {claim: int(time.time()) + value if in_seconds else value}
    if value is None:
        # Also where it is left out.
        provider.who.pop(claim, None)
    trouble, told = wrong(provider)
    assert trouble is Trouble.BAD_TOKEN and told in (claim, "its form")


def test_a_token_for_several_apps_needs_ours_as_its_party(provider: Provider) -> None:
    provider.claimed = {"aud": [CLIENT, "another-app"]}
    assert wrong(provider) == (Trouble.BAD_TOKEN, "azp")
    provider.claimed |= {"azp": CLIENT}
    assert come(provider).subject == "maya-1"


def test_a_clock_may_be_off_by_less_than_a_minute(provider: Provider) -> None:
    at = int(time.time())
    provider.claimed = {"iat": at + 40, "exp": at - 40}
    assert come(provider).subject == "maya-1"


def forged(provider: Provider, header: dict[str, Any], signs: Any) -> bytes:
    """Signed by a key, by a secret (HS256), or by nobody."""
    at = int(time.time())
    claims = {"iss": provider.url, "aud": CLIENT, "iat": at, "exp": at + 300, **provider.who}
    claims["nonce"] = provider.nonce
    if isinstance(signs, bytes):
        parts = [urlsafe_b64encode(json.dumps(part).encode()) for part in (header, claims)]
        mac = hmac.digest(signs, b".".join(parts), "sha256") if signs else b""
        text = b".".join([*parts, urlsafe_b64encode(mac)]).decode()
    else:
        text = jwt.encode(header, claims, signs)
    return json.dumps({"access_token": "a", "token_type": "Bearer", "id_token": text}).encode()


def test_what_the_providers_key_has_not_signed_is_nobodys_word(provider: Provider) -> None:
    for header, signs in (
        ({"alg": "none"}, b""),
        ({"alg": "none", "kid": "first"}, b""),
        ({"alg": "HS256", "kid": "first"}, SECRET.encode()),
        ({"alg": "HS256", "kid": "first"}, key().as_pem(private=False)),
        ({"alg": "RS256", "kid": "first"}, key("second")),
        ({"alg": "RS256"}, key("second")),
    ):
        made = partial(forged, provider, header, signs)
        provider.answers[TOKEN] = lambda made=made: (200, made())
        assert wrong(provider) == (Trouble.BAD_TOKEN, "its signature"), header
    provider.answers[TOKEN] = lambda: (200, forged(provider, {"alg": "RS256"}, key()))
    assert come(provider).subject == "maya-1", "a right one, made in the same way"


@pytest.mark.parametrize("text", ["", "x", "a.b.c", "....", "é.é.é", 7, None, {"a": 1}])
def test_nonsense_is_no_token(provider: Provider, text: object) -> None:
    made = json.dumps({"access_token": "a", "token_type": "Bearer", "id_token": text}).encode()
    provider.answers[TOKEN] = lambda: (200, made)
    assert wrong(provider)[0] is Trouble.BAD_TOKEN


def test_a_new_key_is_asked_for_once(provider: Provider) -> None:
    come(provider)
    provider.key, provider.shown = key("second"), [key(), key("second")]
    assert come(provider).subject == "maya-1"
    assert [path for path, _ in provider.asked].count(KEYS) == 2
    provider.shown = [key()]
    provider.header = {"kid": "third"}
    assert wrong(provider)[0] is Trouble.BAD_TOKEN
    assert [path for path, _ in provider.asked].count(KEYS) == 3


def test_so_is_one_that_took_the_name_of_another(provider: Provider) -> None:
    come(provider)
    named = RSAKey.import_key(key("second").as_dict(private=True) | {"kid": "first"})
    provider.key, provider.shown = named, [named]
    assert come(provider).subject == "maya-1"


def test_keys_of_kinds_that_nobody_knows_hinder_no_others(provider: Provider) -> None:
    shown = [{"kty": "AKP", "kid": "first"}, {"kty": "oct", "k": "c2VjcmV0", "kid": "first"}, 7]
    keys = json.dumps({"keys": [*shown, key().as_dict(private=False)]}).encode()
    provider.answers[KEYS] = lambda: (200, keys)
    assert come(provider).subject == "maya-1"
    provider.answers[KEYS] = lambda: (200, json.dumps({"keys": shown}).encode())
    with pytest.raises(OpenIDError) as error:
        check_provider(client(provider))
    assert error.value.trouble is Trouble.NO_KEYS


def test_an_email_counts_as_verified_only_where_the_provider_says_so(provider: Provider) -> None:
    said = {"email_verified": None}
    for told, verified in (
        ({"email_verified": True}, True),
        ({"email_verified": "true"}, True),
        ({"email_verified": False, "xms_edov": True}, False),
        ({"email_verified": "false"}, False),
        ({"email_verified": 2}, False),
        ({"email_verified": ["true"]}, False),
        (said | {"xms_edov": True}, True),
        (said | {"xms_edov": "1"}, True),
        (said, False),
    ):
        provider.claimed = told
        assert come(provider).email_verified is verified, told


def test_an_email_that_is_not_in_the_token_is_asked_for_of_the_same_person(
    provider: Provider,
) -> None:
    provider.claimed = {"email": None, "email_verified": True}
    provider.told = {"email": "m@salon.test", "email_verified": False}
    assert (come(provider).email, come(provider).email_verified) == ("m@salon.test", False)
    assert dict(provider.asked)["/userinfo"]["authorization"] == "Bearer an-access-token"
    provider.told["sub"] = "somebody-else"
    assert wrong(provider) == (Trouble.BAD_TOKEN, "sub")
    provider.told = {}
    assert come(provider).email == "" and not come(provider).email_verified


def test_the_answer_of_another_provider_is_taken_for_no_ones(provider: Provider) -> None:
    assert wrong(provider, iss="https://evil.example")[0] is Trouble.MIXED_UP
    assert TOKEN not in dict(provider.asked), "no code goes there"


def test_a_provider_that_names_itself_always_does(provider: Provider) -> None:
    provider.configured = {"authorization_response_iss_parameter_supported": True}
    ours = client(provider)
    way, one = begun(ours)
    back = provider.come_back(way)
    del back["iss"]
    with pytest.raises(OpenIDError) as error:
        ask_identity(ours, one, back, datetime.now(UTC))
    assert error.value.trouble is Trouble.MIXED_UP


def test_what_the_provider_refuses_is_told_apart(provider: Provider) -> None:
    assert wrong(provider, error="access_denied") == (Trouble.NOT_ALLOWED, "access_denied")
    assert wrong(provider, error="invalid_scope") == (Trouble.REFUSED, "invalid_scope")
    for status, said, trouble in (
        (401, {"error": "invalid_client"}, Trouble.CLIENT_REFUSED),
        (400, {"error": "invalid_grant"}, Trouble.CODE_REFUSED),
        (400, {"error": "temporarily_unavailable"}, Trouble.REFUSED),
        (500, {"error": "server_error"}, Trouble.UNREACHABLE),
        (200, ["no object"], Trouble.UNREACHABLE),
        (200, {"token_type": "Bearer"}, Trouble.BAD_TOKEN),
    ):
        provider.answers[TOKEN] = lambda status=status, said=said: (
            status,
            json.dumps(said).encode(),
        )
        assert wrong(provider)[0] is trouble, said


def test_a_code_is_posted_to_no_other_address_by_a_redirect(provider: Provider) -> None:
    provider.answers[TOKEN] = lambda: (302, b"")
    assert wrong(provider)[0] is Trouble.UNREACHABLE
    assert "/elsewhere" not in dict(provider.asked)


def test_a_client_proves_itself_as_the_provider_can(provider: Provider) -> None:
    provider.configured = {"token_endpoint_auth_methods_supported": ["client_secret_post"]}
    come(provider)
    posted = dict(provider.asked)[TOKEN]
    assert posted["client_secret"] == SECRET and not posted["authorization"]


def test_a_public_client_has_no_secret(provider: Provider) -> None:
    ours = client(provider, secret="")
    way, one = begun(ours)
    assert ask_identity(ours, one, provider.come_back(way), datetime.now(UTC)).subject == "maya-1"
    posted = dict(provider.asked)[TOKEN]
    assert posted["client_id"] == CLIENT and "client_secret" not in posted


def test_an_answer_that_is_too_large_or_too_slow_is_none(
    provider: Provider, monkeypatch: pytest.MonkeyPatch
) -> None:
    provider.answers[KEYS] = lambda: (200, b'{"keys": [' + b" " * 300_000 + b"]}")
    assert wrong(provider)[0] is Trouble.UNREACHABLE
    monkeypatch.setattr(guarded_session, "SECONDS", 0.2)
    provider.answers[TOKEN] = lambda: (time.sleep(0.4), (200, b"{}"))[1]
    began = time.monotonic()
    assert wrong(provider)[0] is Trouble.UNREACHABLE and time.monotonic() - began < 0.4
