"""An IMAP server that says what a test lets it say: for what no real one does."""

import socket
import ssl
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field

HOST = "127.0.0.1"
HANGS_UP = b""
# What it says to each command; TAG stands for the command's.
USUAL = {
    "GREETING": b"* OK ready\r\n",
    "CAPABILITY": b"* CAPABILITY IMAP4rev1\r\nTAG OK done\r\n",
    "LOGIN": b"TAG OK done\r\n",
    "EXAMINE": b"* 1 EXISTS\r\n* OK [UIDVALIDITY 7]\r\n* OK [UIDNEXT 6]\r\nTAG OK [READ-ONLY]\r\n",
    "UID SEARCH": b"* SEARCH 5\r\nTAG OK done\r\n",
    "UID FETCH 5 (UID": b'* 1 FETCH (UID 5 RFC822.SIZE 9 INTERNALDATE " 1-Jan-2026 10:00:00 +0000")'
    b"\r\nTAG OK done\r\n",
    "UID FETCH 5 (BODY.PEEK[] ": b"* 1 FETCH (UID 5 BODY[] {9}\r\nA: b\r\n\r\nc)\r\n"
    b"TAG OK done\r\n",
    "LOGOUT": b"* BYE bye\r\nTAG OK done\r\n",
}


@dataclass
class Dialogue:
    port: int
    commands: list[str] = field(default_factory=list)


@contextmanager
def speaking(
    tls: ssl.SSLContext | None, other: Mapping[str, bytes] | None = None, drips: float = 0
) -> Iterator[Dialogue]:
    """It answers as usual, and to some as the test says, under TLS where it has any; drips: the
    seconds between its bytes."""
    answers = {**USUAL, **(other or {})}
    with socket.create_server((HOST, 0)) as server:
        one = Dialogue(server.getsockname()[1])
        given = (server, one, answers, tls, drips)
        thread = threading.Thread(target=_serve, args=given, daemon=True)
        thread.start()
        yield one
        with suppress(OSError):
            server.shutdown(socket.SHUT_RDWR)
        thread.join(20)


def _serve(
    server: socket.socket,
    one: Dialogue,
    answers: Mapping[str, bytes],
    tls: ssl.SSLContext | None,
    drips: float,
) -> None:
    while True:
        try:
            connection, _ = server.accept()
        except OSError:
            return
        connection.settimeout(20)
        with suppress(OSError), _wrapped(connection, tls) as talk:
            _speak(talk, one, answers, drips)


def _wrapped(connection: socket.socket, tls: ssl.SSLContext | None) -> socket.socket:
    return tls.wrap_socket(connection, server_side=True) if tls else connection


def _speak(talk: socket.socket, one: Dialogue, answers: Mapping[str, bytes], drips: float) -> None:
    if answers["GREETING"] == HANGS_UP:
        return
    _say(talk, answers["GREETING"], drips)
    for line in iter(lambda: _line(talk), b""):
        tag, _, command = line.decode().strip().partition(" ")
        one.commands.append(command)
        fits = [key for key in answers if command.upper().startswith(key)]
        said = answers[max(fits, key=len)] if fits else b"TAG BAD\r\n"
        if said == HANGS_UP:
            return
        _say(talk, said.replace(b"TAG", tag.encode()), drips)


def _line(talk: socket.socket) -> bytes:
    """Empty: it is over."""
    line = b""
    while not line.endswith(b"\n") and (part := talk.recv(1)):
        line += part
    return line


def _say(talk: socket.socket, said: bytes, drips: float) -> None:
    pause = threading.Event()
    for piece in [said[at : at + 1] for at in range(len(said))] if drips else [said]:
        talk.sendall(piece)
        pause.wait(drips)
