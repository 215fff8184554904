"""Clients that take their time, before gunicorn as it really runs: they keep nobody waiting."""

import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path

import pytest
import requests
from flask import Flask

from app import live
from app.servers.kept import free_port
from tests.support.browser import TOKEN
from tests.support.stack import GUNICORN, PROJECT, until
from tests.support.streams import Streams
from tests.support.world import PASSWORD, Business

# Of which every slow client would keep one.
THREADS, CONNECTIONS, SLOW = "16", "40", 60
PATIENCE, UPLOAD_PATIENCE = 2.0, 3.0
HOST = b"Host: 127.0.0.1\r\n"
GET = b"GET /health/live HTTP/1.1\r\n" + HOST


@pytest.fixture(scope="module")
def log(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("web") / "log"


@pytest.fixture(scope="module")
def web(
    whole_app: Flask, running_streams: Streams, environ: dict[str, str], log: Path
) -> Iterator[str]:
    port = free_port()
    settings = {
        "PORT": str(port),
        "WEB_CONCURRENCY": "1",
        "REQUEST_SECONDS": str(PATIENCE),
        "UPLOAD_SECONDS": str(UPLOAD_PATIENCE),
        "ACCESS_LOG": "1",
    }
    options = ("--threads", THREADS, "--worker-connections", CONNECTIONS)
    command = (*GUNICORN, *options, "--bind", f"127.0.0.1:{port}", "wsgi:app")
    with log.open("wb") as out:
        process = subprocess.Popen(
            command, cwd=PROJECT, env={**environ, **settings}, stdout=out, stderr=out
        )
    try:
        until(lambda: _alive(f"http://127.0.0.1:{port}"), seconds=60)
        yield f"http://127.0.0.1:{port}"
    finally:
        process.terminate()
        process.wait(10)


def _alive(web: str) -> bool:
    with suppress(requests.RequestException):
        return requests.get(f"{web}/health/live", timeout=2).ok
    return False


def dial(web: str, *words: bytes) -> socket.socket:
    host, port = web.removeprefix("http://").split(":")
    connection = socket.create_connection((host, int(port)), timeout=10)
    for word in words:
        connection.sendall(word)
    return connection


@contextmanager
def slow(web: str, *words: bytes) -> Iterator[list[socket.socket]]:
    """So many connections that have sent these words, and no more."""
    with ExitStack() as open_:
        yield [open_.enter_context(dial(web, *words)) for _ in range(SLOW)]


def hear(connection: socket.socket) -> bytes:
    """All that is said until they hang up."""
    heard = b""
    with suppress(ConnectionResetError):
        while said := connection.recv(65536):
            heard += said
    return heard


def seconds_to_answer(web: str) -> float:
    begun = time.monotonic()
    assert _alive(web)
    return time.monotonic() - begun


@pytest.mark.parametrize(
    "words",
    [
        b"",
        b"GET /health",
        GET,
        b"\r\n\r\n",
        b"POST /login HTTP/1.1\r\n" + HOST + b"Content-Length: 60000\r\n\r\na=1",
        b"POST /login HTTP/1.1\r\n" + HOST + b"Content-Length: 600000\r\n\r\na=1",
        b"POST /login HTTP/1.1\r\n" + HOST + b"Content-Length: 600000\r\n\r\n" + b"a" * 70_000,
        b"POST /login HTTP/1.1\r\n" + HOST + b"Transfer-Encoding: chunked\r\n\r\n5\r\na=1",
        GET + b"\r\n" + GET,
        GET + b"Connection: close\r\n\r\n",
        b"nonsense\r\n\r\n",
    ],
)
def test_any_number_of_slow_clients_keeps_nobody_waiting(web: str, words: bytes) -> None:
    with slow(web, words) as clients:
        assert seconds_to_answer(web) < 1.5
        # Whoever is slow is hung up on, by the clock.
        begun = time.monotonic()
        for client in clients:
            hear(client)
        assert time.monotonic() - begun < PATIENCE + 3


def test_drops_do_not_buy_time(web: str) -> None:
    with dial(web, GET) as client:
        begun = time.monotonic()
        with suppress(OSError):
            while time.monotonic() - begun < 2 * PATIENCE:
                client.sendall(b"X-Drop: 1\r\n")
                client.settimeout(0.2)
                with suppress(TimeoutError):
                    assert client.recv(100) == b""
                    break
        assert PATIENCE - 0.5 < time.monotonic() - begun < PATIENCE + 1.5


def test_whoever_is_slow_and_in_time_is_answered(web: str) -> None:
    form = b"email=a&password=b"
    post = b"POST /login HTTP/1.1\r\n" + HOST + b"Connection: close\r\n"
    length = b"Content-Length: %d\r\n\r\n" % len(form)
    for words in (
        [GET[:9], GET[9:], b"Connection: close\r\n", b"\r\n"],
        [post, length[:-2], length[-2:], form[:5], form[5:]],
        [post + b"Transfer-Encoding: chunked\r\n\r\n", b"12\r\n", form, b"\r\n", b"0\r\n\r\n"],
    ):
        with dial(web) as client:
            for word in words:
                client.sendall(word)
                time.sleep(0.1)
            assert hear(client).startswith(b"HTTP/1.1 ")


def test_a_client_that_asks_before_its_body_is_told_to_go_on(web: str) -> None:
    head = b"POST /login HTTP/1.1\r\n" + HOST + b"Expect: 100-continue\r\nContent-Length: 3\r\n\r\n"
    with dial(web, head) as client:
        assert client.recv(100).startswith(b"HTTP/1.1 100 Continue\r\n\r\n")
        client.sendall(b"a=1")
        said = b""
        while b"HTTP/1.1 400" not in said:
            said += client.recv(65536)


def test_requests_in_one_breath_are_all_answered(web: str) -> None:
    with dial(web, (GET + b"\r\n") * 5 + GET + b"Connection: close\r\n\r\n") as client:
        assert hear(client).count(b"HTTP/1.1 200 OK") == 6


def signed_in(web: str, business: Business) -> tuple[requests.Session, str]:
    person = requests.Session()
    token = TOKEN.search(person.get(f"{web}/login", timeout=5).text)
    assert token
    form = {"email": business.staff, "password": PASSWORD, "csrf_token": token[1]}
    assert (
        person.post(f"{web}/login", data=form, timeout=5, allow_redirects=False).status_code == 302
    )
    token = TOKEN.search(person.get(f"{web}/password", timeout=5).text)
    assert token
    return person, token[1]


def test_an_upload_may_take_its_own_time_and_no_more(web: str, salon: Business) -> None:
    person, token = signed_in(web, salon)
    file = (
        b'--b\r\nContent-Disposition: form-data; name="files"; filename="a"\r\n\r\n'
        + b"a" * 500_000
        + b"\r\n--b--\r\n"
    )
    cookie = f"session={person.cookies['session']}"
    head = (
        f"POST /messages/send HTTP/1.1\r\nHost: 127.0.0.1\r\nCookie: {cookie}\r\n"
        f"X-CSRFToken: {token}\r\nContent-Type: multipart/form-data; boundary=b\r\n"
        f"Content-Length: {len(file)}\r\nConnection: close\r\n\r\n"
    ).encode()
    with dial(web, head) as client:
        for at in range(0, len(file), 100_000):
            client.sendall(file[at : at + 100_000])
            time.sleep(0.45)
        assert hear(client).startswith(b"HTTP/1.1 404"), "it names no customer"
    with dial(web, head, file[:-1]) as client:
        begun = time.monotonic()
        said = hear(client)
        assert not said or said.startswith(b"HTTP/1.1 400")
        assert UPLOAD_PATIENCE - 1 < time.monotonic() - begun < UPLOAD_PATIENCE + 3


def test_a_stream_outlasts_all_of_these_times(web: str, salon: Business) -> None:
    person, _ = signed_in(web, salon)
    with person.get(f"{web}/live", stream=True, timeout=5) as stream:
        events = stream.iter_lines(chunk_size=1)
        assert next(events) == b"retry: 2000"
        time.sleep(max(PATIENCE, UPLOAD_PATIENCE) + 0.5)
        live.publish(salon.id, salon.customer_id)
        assert any(event == f"data: {salon.customer_id}".encode() for event in events)


def test_whoever_goes_from_page_to_page_has_a_stream_on_each(web: str, salon: Business) -> None:
    person, _ = signed_in(web, salon)
    for _ in range(20):
        with person.get(f"{web}/live", stream=True, timeout=5) as stream:
            assert stream.status_code == 200
            assert next(stream.iter_lines(chunk_size=1)) == b"retry: 2000"


def test_no_header_moves_the_application(web: str) -> None:
    for name in ("SCRIPT_NAME", "PATH_INFO", "X-Forwarded-Prefix", "Script-Name"):
        answer = requests.get(f"{web}/health/live", headers={name: "/health"}, timeout=5)
        assert answer.json() == {"status": "alive"}, name
    moved = {"SCRIPT_NAME": "/evil", "X-Forwarded-Proto": "https", "X-Forwarded-Host": "evil.test"}
    answer = requests.get(f"{web}/messages", headers=moved, timeout=5, allow_redirects=False)
    assert answer.headers["Location"].startswith("/login")
    assert "evil" not in answer.text + answer.headers["Location"]


def test_the_log_quotes_nobody(web: str, log: Path) -> None:
    answer = requests.get(f"{web}/zebra?zebra", headers={"User-Agent": "zebra"}, timeout=5)
    assert answer.status_code == 404
    for nonsense in (b"GET /zebra HTTP/9\r\n\r\n", GET + b"zebra: \x1b[31mzebra\r\n\r\n"):
        with dial(web, nonsense) as client:
            client.shutdown(socket.SHUT_WR)
            hear(client)
    written = log.read_bytes()
    assert b" GET 404 " in written
    assert b"zebra" not in written
