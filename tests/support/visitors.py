"""A visitor's panel, as it asks the product: with a token, and without a cookie."""

from typing import Any

from werkzeug.test import TestResponse

from app.extensions import db
from app.lib.time.clock import now
from app.outbox import drain
from app.tenancy import tenant_scope
from app.webchat import enable_chat
from app.webchat.abuse.proof_of_work import digest
from tests.support.browser import visitor
from tests.support.world import Business

SITE = "https://www.salon.example"


def switch_on(owner: Business, sites: str = SITE) -> None:
    with tenant_scope(owner.id):
        enable_chat.enable(sites, now())
        db.session.commit()
    db.session.remove()


class Visitor:
    def __init__(self, owner: Business, **session: Any) -> None:
        self.base, self.client, self.token = f"/chat/{owner.slug}", visitor(), ""
        if session.pop("begin", True):
            answer = self.post("/session", **session)
            assert answer.status_code == 201, answer.text
            self.token = answer.json["token"]

    def ask(self, method: str, path: str, **options: Any) -> TestResponse:
        headers = {"Authorization": f"Bearer {self.token}"} if self.token else {}
        return self.client.open(self.base + path, method=method, headers=headers, **options)

    def post(self, path: str, **json: Any) -> TestResponse:
        return self.ask("POST", path, json=json)

    def write(self, body: str, **more: Any) -> TestResponse:
        return self.post("/messages", body=body, **more)

    def feed(self, after: int = 0) -> dict[str, Any]:
        answer = self.ask("GET", f"/messages?after={after}")
        assert answer.status_code == 200, answer.text
        told: dict[str, Any] = answer.json
        return told

    def sees(self, after: int = 0) -> list[tuple[str, str]]:
        return [(each["from"], each["body"]) for each in self.feed(after)["messages"]]


def let_leave() -> None:
    """What staff have written goes out."""
    drain.drain(now())


def proof_of(challenge: dict[str, Any]) -> str:
    """What a browser finds by counting."""
    salt, target, token = (challenge[each] for each in ("salt", "target", "token"))
    tried = range(challenge["most"] + 1)
    number = next(each for each in tried if digest(salt, each) == target)
    return f"{number}.{token}"
