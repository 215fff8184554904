"""The simulator, as the Twilio that the product under test is connected to."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from time import monotonic
from typing import Any

import requests
from flask import Flask
from werkzeug.serving import make_server

from app.simulator import create_simulator
from app.simulator.settings import Settings
from tests.support.certificates import certified
from tests.support.mailboxes import Mailboxes
from tests.support.whole import whole


@contextmanager
def served(app: Flask) -> Iterator[str]:
    """The app on a free port of this machine; yields its address."""
    server = make_server("127.0.0.1", 0, whole(app), threaded=True)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


# Accounts beside the default one, for businesses that bring their own; all have one token.
OWN = ("AC" + "2" * 32, "AC" + "3" * 32)


@dataclass(frozen=True)
class Carrier:
    """A running simulator, by its control API."""

    url: str
    sid: str
    token: str
    mailboxes: Mailboxes

    def faults(self, **faults: Any) -> None:
        requests.put(f"{self.url}/simulator/faults", json=faults, timeout=5).raise_for_status()

    def breaks(self, key: str, of: str = "") -> None:
        """Something breaks, of a number or a template where it is theirs."""
        url = f"{self.url}/simulator/breakages/{key}"
        requests.put(url, json={"of": of}, timeout=5).raise_for_status()

    def mends(self, key: str, of: str = "") -> None:
        """It is put right."""
        url = f"{self.url}/simulator/breakages/{key}"
        requests.delete(url, json={"of": of}, timeout=5).raise_for_status()

    def receives(self, name: str, secret: str) -> None:
        """A business's own system takes webhooks at /hooks/ and its name."""
        url = f"{self.url}/simulator/receivers/{name}"
        requests.put(url, json={"secret": secret}, timeout=5).raise_for_status()

    def texts(self, phone: str, to: str) -> None:
        """A telephone writes to the number, by its webhook."""
        url = f"{self.url}/simulator/phones/{phone}/send"
        said = {"to": to, "channel": "sms", "body": "Hello"}
        requests.post(url, json=said, timeout=5).raise_for_status()

    def knows(self, content_sid: str, body: str) -> None:
        """A template that WhatsApp has approved."""
        url = f"{self.url}/simulator/contents/{content_sid}"
        requests.put(url, json={"body": body}, timeout=5).raise_for_status()

    def forget(self) -> None:
        requests.delete(f"{self.url}/simulator/state", timeout=5).raise_for_status()

    def sent(self, to: str) -> list[dict[str, Any]]:
        """What the product had accepted for the number, oldest first."""
        answer = requests.get(f"{self.url}/simulator/messages", {"to": to}, timeout=5).json()
        messages: list[dict[str, Any]] = answer["messages"]
        return [message for message in messages if message["direction"] != "inbound"]

    def tells_of_calls(self, number: str, webhooks: str) -> None:
        """Where the number's calls are answered, and their ends told."""
        urls = {"voice_url": f"{webhooks}/answer", "status_callback": f"{webhooks}/status"}
        url = f"{self.url}/simulator/numbers/{number}"
        requests.put(url, json=urls, timeout=5).raise_for_status()

    def call(self, phone: str, to: str, outcome: str) -> dict[str, Any]:
        """A telephone calls the number; the call, once it is over."""
        url = f"{self.url}/simulator/phones/{phone}"
        body = {"to": to, "outcome": outcome}
        requests.post(f"{url}/call", json=body, timeout=5).raise_for_status()
        until = monotonic() + 10
        while True:
            call: dict[str, Any] = requests.get(f"{url}/calls", timeout=5).json()["calls"][-1]
            if call["status"] != "in-progress":
                return call
            assert monotonic() < until, "the call never ended"

    def wait_until_listed(self, to: str) -> None:
        """Until the list that the product reads has caught up."""
        url = f"{self.url}/2010-04-01/Accounts/{self.sid}/Messages.json"
        until = monotonic() + 10
        while not requests.get(url, {"To": to}, auth=(self.sid, self.token), timeout=5).json()[
            "messages"
        ]:
            assert monotonic() < until, "the list never caught up"


@contextmanager
def carrier(directory: Path, sid: str, token: str) -> Iterator[Carrier]:
    """A simulator for the account; its callbacks come quickly. Its mail servers have free ports."""
    others = dict.fromkeys(OWN, token)
    directory.mkdir(exist_ok=True)
    _, pem = certified(directory, "127.0.0.1")
    ports = {"smtp_port": 0, "imap_port": 0}
    app = create_simulator(Settings(directory, sid, token, 0.01, others, **ports, certificate=pem))
    try:
        with served(app) as url:
            yield Carrier(url, sid, token, Mailboxes(app.extensions["simulator"]))
    finally:
        app.extensions["simulator"].close()
