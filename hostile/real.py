"""The same people, who ask gunicorn over HTTP."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import requests
from twilio.request_validator import RequestValidator

from app.servers.kept import free_port
from app.servers.process import stop
from hostile.people import BASE, Person, decoded, query_string
from hostile.probe import Answer, Probe

PROJECT = Path(__file__).parent.parent
READY_WITHIN = 30.0
PATIENCE = 30.0


@contextmanager
def served(people: Mapping[str, Person]) -> Iterator[dict[str, Person]]:
    """The people as they are signed in, who ask a gunicorn on this process's database."""
    port = free_port()
    env = {**os.environ, "PORT": str(port), "WEB_CONCURRENCY": "1"}
    command = [sys.executable, "-m", "gunicorn", "-c", "gunicorn.conf.py", "wsgi:app"]
    with (Path(env["VAR_DIR"]) / "gunicorn.log").open("ab") as log:
        running = subprocess.Popen(command, cwd=PROJECT, env=env, stdout=log, stderr=log)
        try:
            _wait(f"http://127.0.0.1:{port}/health/live", running)
            yield {role: RemotePerson.of(each, port) for role, each in people.items()}
        finally:
            stop(running, signal.SIGTERM)


def _wait(url: str, running: "subprocess.Popen[bytes]") -> None:
    deadline = time.monotonic() + READY_WITHIN
    while running.poll() is None and time.monotonic() < deadline:
        try:
            if requests.get(url, timeout=2, headers={"Host": "localhost"}).ok:
                return
        except requests.ConnectionError:
            time.sleep(0.1)
    raise RuntimeError("gunicorn does not start")


@dataclass
class RemotePerson(Person):
    port: int = 0

    @classmethod
    def of(cls, person: Person, port: int) -> "RemotePerson":
        return cls(**vars(person), port=port)

    def send(self, probe: Probe) -> Answer:
        cookies = "; ".join(f"{each.key}={each.value}" for each in self.cookies.values())
        headers = {"Host": "localhost", "X-CSRFToken": self.token, **dict(probe.headers)}
        if cookies:
            headers["Cookie"] = cookies
        url = probe.path + (f"?{query_string(probe)}" if probe.query else "")
        data = probe.json if probe.json is not None else list(probe.form or ())
        if probe.json is not None:
            headers["Content-Type"] = "application/json"
        if probe.signed:
            signer = RequestValidator(probe.signed)
            signed = signer.compute_signature(BASE + url, dict(probe.form or ()))
            headers["X-Twilio-Signature"] = signed
        with requests.request(
            probe.method,
            f"http://127.0.0.1:{self.port}{url}",
            headers=headers,
            data=data,
            allow_redirects=False,
            stream=True,
            timeout=PATIENCE,
        ) as answer:
            events = "event-stream" in answer.headers.get("Content-Type", "")
            body = next(answer.iter_content(100)) if events else answer.content
            return decoded(answer.status_code, list(answer.raw.headers.items()), body)
