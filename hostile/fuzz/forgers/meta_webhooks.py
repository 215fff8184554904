"""What Meta posts of all businesses' pages and accounts, signed by the app or by nobody."""

import json
from typing import Any

from sqlalchemy import delete

from app.extensions import db
from app.models import ChannelAccount
from app.providers.meta import signature_of
from app.tenancy import tenant_scope
from hostile.fuzz import mutate
from hostile.fuzz.forger import Forged, Forger, Hand
from tests.support import meta
from tests.support.world import Business

PATH = "/api/meta/webhook"
NAMES = sorted(path.stem for path in meta.PAYLOADS.glob("*.json"))


def open_up(owner: Business) -> None:
    with tenant_scope(owner.id):
        db.session.execute(delete(ChannelAccount).execution_options(synchronize_session=False))
        db.session.commit()
    meta.connect(owner, _page(owner), f"1{_page(owner)}")


def rightly(hand: Hand) -> Forged:
    body = _body(hand, hand.ours)
    return _posted(body, signature_of(body, meta.SECRET))


def wrongly(hand: Hand) -> Forged:
    """By no secret, by another one, of another body, or as nonsense; and whoever asks for our word
    has another."""
    random = hand.random
    body = _body(hand, random.choice((hand.ours, hand.theirs)))
    if random.random() < 0.1:
        asked = f"?hub.mode=subscribe&hub.challenge=1&hub.verify_token={random.randrange(9)}"
        return Forged(PATH + asked, b"", method="GET")
    signatures = (
        "",
        "sha256=",
        f"sha256={'0' * 64}",
        signature_of(body, "another's"),
        signature_of(body + b" ", meta.SECRET),
        "sha1=\x7f",
    )
    return _posted(body, random.choice(signatures))


def _posted(body: bytes, signature: str) -> Forged:
    headers = {"X-Hub-Signature-256": signature, "Content-Type": "application/json"}
    return Forged(PATH, body, headers)


def _body(hand: Hand, owner: Business) -> bytes:
    """Some events at once, hardly right, of the business's page or Instagram account."""
    random = hand.random
    told: dict[str, Any] = {"object": "page", "entry": []}
    for name in random.choices(NAMES, k=random.choice((1, 1, 2, 5))):
        given = meta.payload(name)
        told["object"] = given["object"]
        items = mutate.json(random, given["entry"][0].get("messaging", []), 0.03)
        account = _page(owner) if given["object"] == "page" else f"1{_page(owner)}"
        told["entry"].append({"id": account, "time": 1, "messaging": items})
    body = json.dumps(told).encode()
    return mutate.raw(random, body) if random.random() < 0.1 else body


def _page(owner: Business) -> str:
    return f"1040{owner.id}"


VIEWS = ("events", "verify")
FORGER = Forger(frozenset(f"meta_webhook.{view}" for view in VIEWS), rightly, wrongly, open_up)
