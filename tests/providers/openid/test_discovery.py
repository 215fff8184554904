"""What a provider says of itself, and where it may lead us: nowhere but to the public internet."""

import json
import threading
from collections.abc import Iterator
from typing import Any

import pytest

from app.lib.outside.networks import parse
from app.providers.openid import OpenIDClient, OpenIDError, Trouble, begun
from app.providers.openid.discovery import discovered
from app.providers.openid.guarded_session import AT_ONCE
from tests.support.listener import listener
from tests.support.openid_provider import Provider, running

CONFIGURATION = "/.well-known/openid-configuration"


@pytest.fixture
def provider() -> Iterator[Provider]:
    with running() as one:
        yield one


def client(issuer: str, *private: str) -> OpenIDClient:
    networks = tuple(map(parse, private))
    return OpenIDClient(issuer, "kaivox", "secret", "https://kaivox.test/back", networks)


def wrong(issuer: str, *private: str) -> tuple[Trouble, str]:
    with pytest.raises(OpenIDError) as error:
        discovered(client(issuer, *(private or ("127.0.0.1",))), anew=True)
    return error.value.trouble, error.value.told


def test_the_issuer_is_the_one_that_was_entered_to_the_letter(provider: Provider) -> None:
    assert wrong(f"{provider.url}/") == (Trouble.OTHER_ISSUER, provider.url)
    provider.configured = {"issuer": "https://evil.example"}
    assert wrong(provider.url) == (Trouble.OTHER_ISSUER, "https://evil.example")
    provider.configured = {"issuer": None}
    assert wrong(provider.url) == (Trouble.OTHER_ISSUER, "")


@pytest.mark.parametrize(
    ("said", "lacks"),
    [
        ({"id_token_signing_alg_values_supported": ["HS256", "none"]}, "a way to sign"),
        ({"response_types_supported": ["id_token"]}, "the authorization code flow"),
        ({"token_endpoint": None}, "token_endpoint"),
        ({"authorization_endpoint": ["a"]}, "authorization_endpoint"),
        ({"jwks_uri": ""}, "jwks_uri"),
    ],
)
def test_what_a_provider_lacks_is_named(provider: Provider, said: Any, lacks: str) -> None:
    provider.configured = said
    trouble, told = wrong(provider.url)
    assert trouble is Trouble.UNSUITABLE and told.startswith(lacks)


def test_what_is_no_configuration_is_told(provider: Provider) -> None:
    for status, content in ((404, b""), (200, b"<html>"), (200, b"[]"), (302, b""), (200, b"\xff")):
        provider.answers[CONFIGURATION] = lambda status=status, content=content: (status, content)
        assert wrong(provider.url) == (Trouble.NO_CONFIGURATION, ""), content
    deep = b"[" * 100_000
    provider.answers[CONFIGURATION] = lambda: (200, deep)
    assert wrong(provider.url)[0] is Trouble.NO_CONFIGURATION


@pytest.mark.parametrize(
    "name", ["authorization_endpoint", "token_endpoint", "jwks_uri", "userinfo_endpoint"]
)
def test_no_endpoint_leads_into_our_own_network(provider: Provider, name: str) -> None:
    with listener() as ours:
        for url in (
            f"http://127.0.0.2:{ours.port}/",
            f"https://[::1]:{ours.port}/",
            "http://169.254.169.254/latest/meta-data",
            "http://example.com/token",
            "file:///etc/passwd",
            "https://user:password@127.0.0.1/",
            "javascript:alert(1)",
        ):
            provider.configured = {name: url}
            assert wrong(provider.url)[0] is Trouble.UNREACHABLE, url
        assert ours.connections == 0


def test_nor_does_an_issuer() -> None:
    with listener() as ours:
        for issuer in (f"http://127.0.0.1:{ours.port}", f"https://127.0.0.1:{ours.port}", "x", ""):
            assert wrong(issuer, "10.0.0.0/8")[0] is Trouble.UNREACHABLE
        assert ours.connections == 0


def test_who_does_not_answer_is_not_asked_again_for_some_seconds(provider: Provider) -> None:
    provider.answers[CONFIGURATION] = lambda: (500, b"")
    for _ in range(3):
        with pytest.raises(OpenIDError):
            begun(client(provider.url, "127.0.0.1"))
    assert len(provider.asked) == 1


def test_a_slow_provider_holds_few_threads(provider: Provider) -> None:
    """Those beyond are told at once; another provider's go on."""
    release, arrived = threading.Event(), threading.Semaphore(0)

    def slow() -> tuple[int, bytes]:
        arrived.release()
        release.wait(20)
        return 200, json.dumps(provider.configuration()).encode()

    provider.answers[CONFIGURATION] = slow
    ours = client(provider.url, "127.0.0.1")
    threads = [threading.Thread(target=discovered, args=(ours, True)) for _ in range(AT_ONCE)]
    for thread in threads:
        thread.start()
    assert all(arrived.acquire(timeout=20) for _ in threads)
    try:
        assert wrong(provider.url)[0] is Trouble.UNREACHABLE
        assert len(provider.asked) == AT_ONCE
        with running() as other:
            assert discovered(client(other.url, "127.0.0.1")).issuer == other.url
    finally:
        release.set()
        for thread in threads:
            thread.join(20)
    assert discovered(ours, anew=True).issuer == provider.url
