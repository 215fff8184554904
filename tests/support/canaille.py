"""A real OpenID provider, Canaille, and the person who signs in at it."""

import json
import re
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from html import unescape
from pathlib import Path
from time import monotonic, sleep
from urllib.parse import urljoin

import pytest
import requests

from app.servers.kept import free_port

PROGRAM = Path(__file__).with_name("canaille_program.py")
CLIENT, SECRET = "kaivox", "secret-of-kaivox-at-canaille"
PASSWORD = "correct-horse-of-canaille"
BACK = "http://localhost/login/sso/salon/callback"
HIDDEN = re.compile(r'name="csrf_token"[^>]*value="([^"]+)"')


@dataclass
class Canaille:
    url: str
    """Its issuer, too."""
    person: requests.Session = field(default_factory=requests.Session)

    def sign_in(self, name: str, way: str) -> str:
        """A person's browser, sent there: where it is sent back to."""
        self.person = requests.Session()
        page = self.person.get(way, timeout=20)
        for typed in ({"login": name}, {"password": PASSWORD}):
            token = HIDDEN.search(page.text)
            assert token, page.text
            form = {"csrf_token": unescape(token[1]), **typed}
            answer = self.person.post(page.url, form, allow_redirects=False, timeout=20)
            page = self._followed(answer)
            if page.is_redirect:
                return page.headers["Location"]
        raise AssertionError(page.text)

    def _followed(self, answer: requests.Response) -> requests.Response:
        """To its next page, or out of it."""
        while answer.is_redirect:
            there = urljoin(answer.url, answer.headers["Location"])
            if not there.startswith(self.url):
                break
            answer = self.person.get(there, allow_redirects=False, timeout=20)
        return answer


@contextmanager
def running(people: dict[str, str], back: str = BACK) -> Iterator[Canaille]:
    """With these people, by their email; each signs in there by PASSWORD."""
    port = free_port()
    users = [[name, email, PASSWORD] for name, email in people.items()]
    given = {"port": port, "redirect_uri": back, "users": users}
    config = json.dumps({**given, "client_id": CLIENT, "client_secret": SECRET})
    output = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
    # -P: what lies beside the program, this file for one, is not what it imports.
    process = subprocess.Popen([sys.executable, "-P", PROGRAM, config], **output)
    try:
        canaille = Canaille(f"http://127.0.0.2:{port}")
        _wait_for(canaille, process)
        yield canaille
    finally:
        process.terminate()
        process.wait(20)


def _wait_for(canaille: Canaille, process: "subprocess.Popen[bytes]") -> None:
    until = monotonic() + 30
    while monotonic() < until and process.poll() is None:
        with suppress(requests.ConnectionError):
            requests.get(f"{canaille.url}/.well-known/openid-configuration", timeout=20)
            return
        sleep(0.05)
    pytest.fail("Canaille does not start: python tests/support/canaille_program.py says why")
