"""A mail server that hangs, drips and talks nonsense, at each step."""

import ssl
import threading
from collections.abc import Callable, Iterator
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path
from socket import create_server, socket
from time import monotonic, sleep

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

from app.lib.mail.mail_server import MailServer
from app.providers.contract import Accepted, Account, Outcome, SendError
from app.providers.smtp import SmtpProvider
from tests.providers.test_smtp import outgoing

ANSWERS = {
    b"GREETING": b"220 here\r\n",
    b"EHLO": b"250-here\r\n250 AUTH CRAM-MD5 PLAIN\r\n",
    b"AUTH": b"235 yes\r\n",
    b"MAIL": b"250 yes\r\n",
    b"RCPT": b"250 yes\r\n",
    b"DATA": b"354 go on\r\n",
    b"TEXT": b"250 taken\r\n",
}
Behaviour = bytes | Callable[[socket], None]


def hangs(line: socket) -> None:
    line.recv(1)


def hangs_up(line: socket) -> None:
    line.close()


def says_a_letter_at_a_time(line: socket) -> None:
    while True:
        line.sendall(b"2")
        sleep(0.05)


def comes_to_no_last_line(line: socket) -> None:
    while True:
        line.sendall(b"250-and\r\n")
        sleep(0.05)


class Server:
    """Answers each step as it should, but one."""

    def __init__(self, step: bytes, behaviour: Behaviour) -> None:
        self._odd = {step: behaviour}
        self._socket = create_server(("127.0.0.1", 0))
        self.at = MailServer("127.0.0.1", self._socket.getsockname()[1], False, "us", "secret")
        self.texts = 0
        threading.Thread(target=self._serve, daemon=True).start()

    def close(self) -> None:
        self._socket.close()

    def _serve(self) -> None:
        try:
            line, _ = self._socket.accept()
            with line:
                self._talk(line)
        except OSError:
            return

    def _talk(self, line: socket) -> None:
        self._answer(line, b"GREETING")
        with line.makefile("rb") as said:
            for words in said:
                step = words[:4].upper()
                self._answer(line, step)
                if step == b"DATA":
                    ended = any(text == b".\r\n" for text in said)
                    self.texts += ended
                    self._answer(line, b"TEXT")

    def _answer(self, line: socket, step: bytes) -> None:
        answer = self._odd.get(step, ANSWERS.get(step, b"500 what\r\n"))
        answer(line) if callable(answer) else line.sendall(answer)


@pytest.fixture(autouse=True)
def soon(monkeypatch: pytest.MonkeyPatch) -> None:
    """Not to wait as long as a real server is waited for."""
    monkeypatch.setattr("app.providers.smtp.provider.SECONDS", 0.8)
    monkeypatch.setattr("app.providers.smtp.provider.ANSWER_SECONDS", 0.4)


def sent(server: MailServer, password: str = "") -> Accepted | SendError:
    made = outgoing(".\r\n.one\r\n.")
    try:
        return SmtpProvider(server).send(Account("us", password or server.password), made)
    except SendError as error:
        return error


@pytest.mark.parametrize(
    "behaviour", [hangs, hangs_up, says_a_letter_at_a_time, comes_to_no_last_line]
)
@pytest.mark.parametrize("step", ANSWERS)
def test_whoever_gives_no_answer_is_given_up_in_time_and_only_the_text_leaves_a_doubt(
    step: bytes, behaviour: Behaviour
) -> None:
    begun, outcomes = monotonic(), []
    with closing(Server(step, behaviour)) as server:
        call = threading.Thread(target=lambda: outcomes.append(sent(server.at)), daemon=True)
        call.start()
        call.join(3)
        assert outcomes, "it is still at its call"
        [error] = outcomes
        assert isinstance(error, SendError)
        assert monotonic() - begun < 2
        assert server.texts == (step == b"TEXT")
    assert error.outcome is (Outcome.UNKNOWN if step == b"TEXT" else Outcome.RETRY)


@pytest.mark.parametrize(
    ("step", "answer"),
    [
        # What it says has to be told back, and cannot be read.
        (b"AUTH", b"334 abcde\r\n"),
        (b"DATA", b"000 x\r\n"),
        (b"DATA", b"250 yes\r\n250 yes\r\n"),
        (b"RCPT", b"252 perhaps\r\n"),
        (b"MAIL", b"\xff\xfe\r\n"),
        (b"EHLO", b"250 " + b"x" * 9000 + b"\r\n"),
    ],
)
def test_nonsense_before_the_text_proves_that_nothing_was_sent(step: bytes, answer: bytes) -> None:
    with closing(Server(step, answer)) as server:
        error = sent(server.at)
        assert isinstance(error, SendError) and error.outcome is Outcome.RETRY
        assert server.texts == 0


@pytest.mark.parametrize("answer", [b"000 x\r\n", b"999 x\r\n", b"25", b"252 x\r\n", b"\r\n"])
def test_nonsense_after_the_text_leaves_a_doubt(answer: bytes) -> None:
    with closing(Server(b"TEXT", answer)) as server:
        error = sent(server.at)
        assert isinstance(error, SendError) and error.outcome is Outcome.UNKNOWN


def test_what_cannot_be_said_in_a_sign_in_has_not_been_sent() -> None:
    with closing(Server(b"EHLO", b"250-here\r\n250 AUTH PLAIN\r\n")) as server:
        error = sent(server.at, password="pässword")
        assert isinstance(error, SendError) and error.outcome is Outcome.RETRY


@pytest.fixture
def certificate(tmp_path: Path) -> Path:
    """Of this machine, and by nobody whom anybody trusts."""
    key, name = ec.generate_private_key(ec.SECP256R1()), x509.Name([])
    made = (
        x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number())
        .not_valid_before(datetime.now(UTC) - timedelta(days=1))
        .not_valid_after(datetime.now(UTC) + timedelta(days=1))
        .sign(key, hashes.SHA256())
    )
    pem, private = serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8
    path = tmp_path / "both.pem"
    path.write_bytes(
        key.private_bytes(pem, private, serialization.NoEncryption()) + made.public_bytes(pem)
    )
    return path


@pytest.fixture
def untrusted(certificate: Path) -> Iterator[MailServer]:
    """A server that is encrypted from the first word on."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate)

    def encrypts(line: socket) -> None:
        context.wrap_socket(line, server_side=True)

    with closing(Server(b"GREETING", encrypts)) as server:
        yield MailServer("127.0.0.1", server.at.port, True, "us", "secret")


def test_a_certificate_that_nobody_trusts_holds_all_emails_until_it_is_put_right(
    untrusted: MailServer,
) -> None:
    error = sent(untrusted)
    assert isinstance(error, SendError) and "encrypted" in error.reason
    assert error.sender_at_fault
