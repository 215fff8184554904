"""What the tests of the simulator share: its address, a product to call, the SDK."""

import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Self, TypeVar
from urllib.parse import parse_qsl

import requests
from twilio.http.http_client import TwilioHttpClient
from twilio.request_validator import RequestValidator
from twilio.rest import Client

ACCOUNT = "AC" + "1" * 32
TOKEN = "test-token"
PNG = b"\x89PNG\r\n\x1a\n" + b"\0" * 32
T = TypeVar("T")


def eventually(look: Callable[[], T], seconds: float = 5) -> T:
    """What `look` finds, as soon as it finds something."""
    deadline = time.monotonic() + seconds
    while not (found := look()):
        assert time.monotonic() < deadline, "it did not happen in time"
        time.sleep(0.005)
    return found


@dataclass
class Sim:
    url: str

    def put(self, path: str, **body: Any) -> Any:
        return self._told(requests.put(f"{self.url}/simulator/{path}", json=body, timeout=5))

    def post(self, path: str, **body: Any) -> Any:
        return self._told(requests.post(f"{self.url}/simulator/{path}", json=body, timeout=5))

    def get(self, path: str) -> Any:
        return self._told(requests.get(f"{self.url}/simulator/{path}", timeout=5))

    def text(self, phone: str, to: str, body: str, **more: Any) -> Any:
        return self.post(f"phones/{phone}/send", to=to, body=body, **more)

    def on_phone(self, phone: str) -> list[Any]:
        messages: list[Any] = self.get(f"phones/{phone}/messages")["messages"]
        return messages

    def arrived(self, phone: str) -> list[str]:
        """The texts that came to this telephone."""
        came = ("delivered", "read")
        return [m["body"] for m in self.on_phone(phone) if m["status"] in came]

    def _told(self, answer: requests.Response) -> Any:
        assert answer.ok, answer.text
        return answer.json()


@dataclass
class Call:
    path: str
    form: dict[str, str]
    headers: dict[str, str]
    signed: bool
    raw: str = ""
    """The body as it came."""

    @property
    def status(self) -> str:
        return self.form.get("MessageStatus", "")


@dataclass
class Product:
    """Answers what it is told to, and keeps what was posted to it."""

    calls: list[Call] = field(default_factory=list)
    answers: dict[str, tuple[int, str, str]] = field(default_factory=dict)

    def __enter__(self) -> Self:
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), self._handler())
        poll = {"poll_interval": 0.01}
        self._thread = threading.Thread(target=self._server.serve_forever, kwargs=poll, daemon=True)
        self._thread.start()
        return self

    def __exit__(self, *error: object) -> None:
        self._server.shutdown()
        self._server.server_close()

    def url(self, path: str) -> str:
        return f"http://127.0.0.1:{self._server.server_port}{path}"

    def answer(self, path: str, status: int = 200, body: str = "", kind: str = "text/xml") -> None:
        self.answers[path] = (status, body, kind)

    def called(self, path: str, times: int = 1) -> list[Call]:
        """The calls to a path, once there were so many."""
        return eventually(lambda: self._enough(path, times))

    def _enough(self, path: str, times: int) -> list[Call]:
        found = [call for call in self.calls if call.path.partition("?")[0] == path]
        return found if len(found) >= times else []

    def _handler(product) -> type[BaseHTTPRequestHandler]:
        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"
            wbufsize = -1  # headers and body in one packet

            def do_POST(self) -> None:
                raw = self.rfile.read(int(self.headers["Content-Length"])).decode()
                form = dict(parse_qsl(raw, keep_blank_values=True))
                signature = self.headers.get("X-Twilio-Signature", "")
                signed = RequestValidator(TOKEN).validate(product.url(self.path), form, signature)
                product.calls.append(Call(self.path, form, dict(self.headers), signed, raw))
                path = self.path.partition("?")[0]
                status, body, kind = product.answers.get(path, (200, "<Response/>", "text/xml"))
                self.send_response(status)
                self.send_header("Content-Type", kind)
                self.send_header("Content-Length", str(len(body.encode())))
                self.end_headers()
                self.wfile.write(body.encode())

            def log_message(self, *args: object) -> None:
                pass

        return Handler


class Rewritten(TwilioHttpClient):
    """Twilio's client, pointed at another host."""

    def __init__(self, url: str) -> None:
        super().__init__(timeout=5)
        self.url = url

    def request(self, method: str, url: str, *args: Any, **kwargs: Any) -> Any:
        assert url.startswith("https://api.twilio.com/")
        return super().request(
            method, url.replace("https://api.twilio.com", self.url), *args, **kwargs
        )


def client_for(sim: Sim, account: str = ACCOUNT, token: str = TOKEN) -> Client:
    return Client(account, token, http_client=Rewritten(sim.url))
