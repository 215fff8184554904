"""What stands in for Google and Microsoft: it asks nobody, gives tokens, and tells a mail server
whether one is good. A program of its own thread, spoken to over HTTP."""

import json
import threading
from base64 import urlsafe_b64encode
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from hashlib import sha256
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from itertools import count
from urllib.parse import parse_qs, urlencode, urlsplit

import jwt

CLIENT, SECRET = "our-app", "secret-of-our-app-with-32-letters"


@dataclass
class OAuthServer:
    url: str = ""
    address: str = "hello@salon.test"
    """Who signs in."""
    lasts: int = 3600
    asked: list[dict[str, str]] = field(default_factory=list)
    """What was posted to /token."""
    good: set[str] = field(default_factory=set)
    """Access tokens that a mail server takes."""
    refresh: str = "refresh-0"
    """The one that counts; each use replaces it."""
    rotates: bool = True
    refuses: tuple[int, object] | None = None
    """What /token answers instead."""
    challenges: dict[str, str] = field(default_factory=dict)
    _names: Iterator[int] = field(default_factory=lambda: count(1))

    def introspection(self, token: str) -> dict[str, object]:
        return {"active": token in self.good, "email": self.address}

    def authorize(self, asked: dict[str, str]) -> str:
        """Where the browser is sent."""
        code = f"code-{next(self._names)}"
        self.challenges[code] = asked["code_challenge"]
        back = {"code": code, "state": asked["state"]}
        return f"{asked['redirect_uri']}?{urlencode(back)}"

    def tokens(self, asked: dict[str, str]) -> tuple[int, object]:
        self.asked.append(asked)
        if self.refuses:
            return self.refuses
        if (asked.get("client_id"), asked.get("client_secret")) != (CLIENT, SECRET):
            return 401, {"error": "invalid_client"}
        if not (self._proved(asked) or asked.get("refresh_token") == self.refresh):
            return 400, {"error": "invalid_grant"}
        return 200, self._made()

    def _proved(self, asked: dict[str, str]) -> bool:
        hashed = sha256(asked.get("code_verifier", "").encode()).digest()
        challenge = self.challenges.pop(asked.get("code", ""), None)
        return challenge == urlsafe_b64encode(hashed).decode().rstrip("=")

    def _made(self) -> dict[str, object]:
        access, number = f"access-{next(self._names)}", next(self._names)
        self.good = {access}
        if self.rotates:
            self.refresh = f"refresh-{number}"
        named = jwt.encode({"email": self.address}, SECRET)
        made = {"access_token": access, "expires_in": self.lasts, "id_token": named}
        return made | ({"refresh_token": self.refresh} if self.rotates else {})


@contextmanager
def running(port: int) -> Iterator[OAuthServer]:
    one = OAuthServer()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            parts = urlsplit(self.path)
            self.send_response(302)
            self.send_header("Location", one.authorize(_flat(parts.query)))
            self.end_headers()

        def do_POST(self) -> None:
            length = int(self.headers.get("Content-Length", 0))
            asked = _flat(self.rfile.read(length).decode())
            introspects = self.path.startswith("/introspect")
            token = asked.get("token", "")
            told = (200, one.introspection(token)) if introspects else one.tokens(asked)
            status, answer = told
            body = answer if isinstance(answer, bytes) else json.dumps(answer).encode()
            self.send_response(status)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            """Nothing is to be printed."""

    with ThreadingHTTPServer(("127.0.0.1", port), Handler) as server:
        one.url = f"http://127.0.0.1:{server.server_port}"
        thread = threading.Thread(target=server.serve_forever, daemon=True)
        thread.start()
        yield one
        server.shutdown()
        thread.join(20)


def _flat(query: str) -> dict[str, str]:
    return {name: values[-1] for name, values in parse_qs(query).items()}
