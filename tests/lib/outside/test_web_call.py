"""A POST to an address that a tenant has typed, and what its server may do to us: nothing."""

import socket
import ssl
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from time import monotonic, sleep

import pytest

from app.lib.outside import outside_address, web_call
from app.lib.outside.networks import parse
from app.lib.outside.outside_address import NOT_REACHED, Refused
from app.lib.outside.web_call import (
    KEPT,
    LARGEST_ANSWER,
    NO_ADDRESS,
    NO_USER,
    ONLY_HTTPS,
    WebAnswer,
    checked_web,
    post,
    web_address,
)
from tests.support.certificates import certified
from tests.support.listener import Answer, Listener, listener, says

LOOPBACK = [parse("127.0.0.0/8")]
BODY = b'{"type": "test"}'


def call(url: str, seconds: float = 5) -> WebAnswer:
    headers = {"Content-Type": "application/json"}
    return post(web_address(url), BODY, headers, monotonic() + seconds, LOOPBACK)


def to(*addresses: str) -> Callable[[str], Sequence[str]]:
    return lambda name: addresses


def forever(first: bytes, again: bytes, pause: float = 0.0) -> Answer:
    """What a server says without end."""

    def answer(connection: socket.socket) -> None:
        connection.sendall(first)
        while True:
            connection.sendall(again)
            sleep(pause)

    return answer


@pytest.mark.parametrize(
    ("url", "says"),
    [
        ("", NO_ADDRESS),
        ("example.com/hook", NO_ADDRESS),
        ("ftp://example.com", NO_ADDRESS),
        ("file:///etc/passwd", NO_ADDRESS),
        ("gopher://127.0.0.1:6379/_SET", NO_ADDRESS),
        ("https://", NO_ADDRESS),
        ("https://example.com:0/", NO_ADDRESS),
        ("https://example.com:99999/", NO_ADDRESS),
        ("https://[::1", NO_ADDRESS),
        ("https://example.com/a b", NO_ADDRESS),
        ("https://example.com/\r\nX-Evil: 1", NO_ADDRESS),
        ("https://exam\tple.com/", NO_ADDRESS),
        ("https://example.com#@127.0.0.1/", NO_ADDRESS),
        ("https://example.com\\@127.0.0.1/", NO_ADDRESS),
        ("https://example.com/" + "x" * 2000, NO_ADDRESS),
        ("https://me:secret@example.com/", NO_USER),
        ("https://example.com@127.0.0.1/", NO_USER),
        ("https://@127.0.0.1/", NO_USER),
    ],
)
def test_what_is_wrong_about_an_address_is_said_before_anything_is_looked_up(
    url: str, says: str
) -> None:
    with pytest.raises(Refused) as error:
        web_address(url)
    assert str(error.value) == says


def test_only_https_is_spoken_on_the_public_internet() -> None:
    with pytest.raises(Refused) as error:
        checked_web(web_address("http://example.com/"), LOOPBACK, to("1.1.1.1"))
    assert str(error.value) == ONLY_HTTPS


@pytest.mark.parametrize("url", ["http://inside.example/", "https://inside.example:8443/"])
def test_of_an_address_inside_no_more_is_said_than_of_a_dead_one(url: str) -> None:
    with pytest.raises(Refused) as error:
        checked_web(web_address(url), (), to("10.0.0.1"))
    assert str(error.value) == NOT_REACHED


def test_a_server_gets_one_post_and_its_answer_is_kept() -> None:
    answer = b"HTTP/1.1 503 Busy\r\nRetry-After: 120\r\nContent-Length: 4\r\n\r\nwait"
    with listener(answer=says(answer)) as server:
        assert call(f"{server.url}?a=1&b=%20ü") == WebAnswer(503, "120", b"wait")
    head, _, body = server.requests[0].partition(b"\r\n\r\n")
    assert head.startswith(b"POST /hook?a=1&b=%20%C3%BC HTTP/1.1\r\n")
    assert f"Host: 127.0.0.1:{server.port}".encode() in head
    assert body == BODY


def test_a_redirect_is_not_followed() -> None:
    with listener("127.0.0.2") as inside:
        where = f"HTTP/1.1 307 There\r\nLocation: {inside.url}\r\nContent-Length: 0\r\n\r\n"
        with listener(answer=says(where.encode())) as server:
            assert call(server.url).status == 307
        assert inside.connections == 0


def test_no_proxy_of_the_environment_is_used(monkeypatch: pytest.MonkeyPatch) -> None:
    with listener("127.0.0.2") as proxy, listener() as server:
        for name in ("http_proxy", "HTTP_PROXY", "https_proxy", "ALL_PROXY"):
            monkeypatch.setenv(name, f"http://127.0.0.2:{proxy.port}")
        assert call(server.url).status == 200
        assert (proxy.connections, server.connections) == (0, 1)


@pytest.mark.parametrize(
    "answer",
    [
        forever(b"HTTP/1.1 2", b"0", 0.05),
        forever(b"HTTP/1.1 200 OK\r\n", b"X", 0.05),
        forever(b"", b"HTTP/1.1 100 Continue\r\n\r\n"),
        forever(b"HTTP/1.1 200 OK\r\n", b"X: y\r\n"),
        forever(b"HTTP/1.1 200 OK\r\nX: ", b"y" * 4096),
        says(b"SSH-2.0-OpenSSH_9.9\r\n"),
        says(b"HTTP/1.1 two hundred\r\n\r\n"),
        says(b""),
        lambda connection: sleep(2),
    ],
    ids=["status", "header", "100", "headers", "long", "other", "broken", "nothing", "silence"],
)
def test_a_server_that_never_comes_to_an_answer_costs_the_time_and_no_more(answer: Answer) -> None:
    begin = monotonic()
    with listener(answer=answer) as server, pytest.raises(Refused) as error:
        call(server.url, seconds=0.7)
    assert monotonic() - begin < 5
    assert str(error.value) == NOT_REACHED


@pytest.mark.parametrize(
    "answer",
    [
        forever(b"HTTP/1.1 200 OK\r\n\r\n", b"x" * 65536),
        forever(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n", b"1\r\nx\r\n"),
        forever(b"HTTP/1.1 200 OK\r\nContent-Length: 99999999\r\n\r\n", b"x", 0.05),
        says(b"HTTP/1.1 200 OK\r\nContent-Length: 99\r\n\r\nx"),
        says(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n1\r\nx\r\nfff"),
        says(b"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: 1\r\n\r\nx"),
    ],
    ids=["endless", "chunks", "drip", "cut", "cut chunk", "no gzip"],
)
def test_a_yes_is_a_yes_whatever_follows_it(answer: Answer) -> None:
    begin = monotonic()
    with listener(answer=answer) as server:
        got = call(server.url, seconds=0.7)
    assert monotonic() - begin < 5
    assert got.status == 200
    assert got.content.startswith(b"x")
    assert len(got.content) <= KEPT < LARGEST_ANSWER


@pytest.fixture
def tls(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[ssl.SSLContext]:
    """A server hooks.example.com that this machine trusts."""
    context, authority = certified(tmp_path, "hooks.example.com")
    monkeypatch.setenv("SSL_CERT_FILE", str(authority))
    outside_address.tls.cache_clear()
    yield context
    outside_address.tls.cache_clear()


def encrypted(host: str, server: Listener, seconds: float = 5) -> WebAnswer:
    url = web_address(f"https://{host}:{server.port}/hook")
    return post(url, BODY, {}, monotonic() + seconds, LOOPBACK, to("127.0.0.1"))


def test_a_server_is_called_by_its_checked_address_and_its_name(tls: ssl.SSLContext) -> None:
    asked: list[str | None] = []
    tls.sni_callback = lambda _, name, __: asked.append(name)
    with listener(tls=tls) as server:
        assert encrypted("Hooks.Example.com", server).status == 200
    assert asked == ["hooks.example.com"]
    assert f"Host: hooks.example.com:{server.port}".encode() in server.requests[0]


def test_a_server_with_the_certificate_of_another_gets_nothing(tls: ssl.SSLContext) -> None:
    with listener(tls=tls) as server, pytest.raises(Refused, match="certificate"):
        encrypted("other.example.com", server)
    assert server.requests in ([], [b"\r\n\r\n"])


def test_a_server_without_tls_gets_nothing_by_https(tls: ssl.SSLContext) -> None:
    with listener() as server, pytest.raises(Refused):
        encrypted("hooks.example.com", server, seconds=0.3)
    assert BODY not in b"".join(server.requests)


def test_the_usual_port_is_not_told_to_the_server() -> None:
    url = web_address("https://hooks.example.com/hook")
    checked = checked_web(url, (), to("1.1.1.1"))
    assert web_call._Call(url, checked, None).default_port == checked.port == 443  # type: ignore[arg-type]
