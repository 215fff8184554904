"""An OpenID provider that does what it is told, and may do it wrongly: a program of its own thread,
spoken to over HTTP. Authlib's joserfc makes its tokens."""

import json
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cache
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit

from joserfc import jwt
from joserfc.jwk import RSAKey

CLIENT, SECRET = "kaivox", "secret-of-kaivox-at-the-provider"
Changes = dict[str, Any]


@cache
def key(name: str = "first") -> RSAKey:
    """Made once, as that takes its time."""
    return RSAKey.generate_key(2048, {"kid": name, "use": "sig", "alg": "RS256"})


@dataclass
class Provider:
    url: str = ""
    who: Changes = field(
        default_factory=lambda: {
            "sub": "maya-1",
            "email": "staff@salon.test",
            "email_verified": True,
            "name": "Maya",
        }
    )
    """Who comes back."""
    key: RSAKey = field(default_factory=key)
    shown: list[RSAKey] = field(default_factory=lambda: [key()])
    """The keys that it tells of."""
    configured: Changes = field(default_factory=dict)
    """What its configuration says otherwise; None: leaves out."""
    claimed: Changes = field(default_factory=dict)
    """Likewise its ID token."""
    told: Changes = field(default_factory=dict)
    """What its userinfo says beside the subject."""
    header: Changes = field(default_factory=dict)
    answers: dict[str, Callable[[], tuple[int, bytes]]] = field(default_factory=dict)
    """What it answers at a path in the place of all that."""
    asked: list[tuple[str, dict[str, str]]] = field(default_factory=list)
    """Each path that was asked for, with what was posted."""
    nonce: str = ""

    def come_back(self, way: str, **otherwise: str) -> dict[str, str]:
        """Somebody is sent there and allows it: the parameters that they come back with."""
        given = _flat(urlsplit(way).query)
        assert way.startswith(f"{self.url}/authorize?") and given["code_challenge_method"] == "S256"
        self.nonce = given["nonce"]
        return {"code": "a-code", "state": given["state"], "iss": self.url} | otherwise

    def configuration(self) -> Changes:
        paths = ("authorize", "token", "jwks", "userinfo")
        names = ("authorization_endpoint", "token_endpoint", "jwks_uri", "userinfo_endpoint")
        endpoints = {name: f"{self.url}/{path}" for name, path in zip(names, paths, strict=True)}
        known = {"response_types_supported": ["code"], "issuer": self.url}
        signs = {"id_token_signing_alg_values_supported": ["RS256", "HS256", "none"]}
        return _changed(known | endpoints | signs, self.configured)

    def id_token(self) -> str:
        at = int(time.time())
        claims = {"iss": self.url, "aud": CLIENT, "iat": at, "exp": at + 300, "nonce": self.nonce}
        header = {"alg": "RS256", "kid": self.key.kid} | self.header
        return jwt.encode(header, _changed(claims | self.who, self.claimed), self.key)

    def answer(self, path: str) -> tuple[int, bytes]:
        if path in self.answers:
            return self.answers[path]()
        token = {"access_token": "an-access-token", "token_type": "Bearer"}
        made: dict[str, Callable[[], Any]] = {
            "/.well-known/openid-configuration": self.configuration,
            "/jwks": lambda: {"keys": [key.as_dict(private=False) for key in self.shown]},
            "/token": lambda: token | {"id_token": self.id_token()},
            "/userinfo": lambda: {"sub": self.who.get("sub")} | self.told,
        }
        return (200, json.dumps(made[path]()).encode()) if path in made else (404, b"")


@contextmanager
def running() -> Iterator[Provider]:
    one = Provider()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            path = urlsplit(self.path).path
            posted = self.rfile.read(int(self.headers.get("Content-Length", 0))).decode()
            authorization = {"authorization": self.headers.get("Authorization", "")}
            one.asked.append((path, _flat(posted) | authorization))
            status, content = one.answer(path)
            self.send_response(status)
            self.send_header("Content-Length", str(len(content)))
            if status == 302:
                self.send_header("Location", f"{one.url}/elsewhere")
            self.end_headers()
            self.wfile.write(content)

        do_POST = do_GET

        def log_message(self, *_: object) -> None:
            """Nothing is to be printed."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        # Whoever hangs up on it is no trouble of the test.
        server.handle_error = lambda *_: None  # type: ignore[method-assign, assignment]
        one.url = f"http://127.0.0.1:{server.server_port}"
        thread = threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True)
        thread.start()
        yield one
        server.shutdown()
        thread.join(20)


def _changed(told: Changes, changes: Changes) -> Changes:
    return {name: value for name, value in (told | changes).items() if value is not None}


def _flat(query: str) -> dict[str, str]:
    return {name: values[-1] for name, values in parse_qs(query).items()}
