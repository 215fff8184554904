"""Live chats: a visitor of one business, with the token of their own chat, at another's."""

from collections.abc import Iterator

from hostile.deck import Deck
from hostile.probe import Probe
from hostile.rows import token

# Of a chat that is on they are everybody's: the button, its panel, and a new session.
OPEN = ("chat_widget.widget", "chat_widget.panel", "chat_session.begin")
NOBODY = "nobody"
SAID = '{"body": "Hello", "doing": "typing", "read": 600000001, "name": "Mallory"}'


def probes(deck: Deck) -> Iterator[Probe]:
    # Whoever is signed in: a token is all that counts.
    if deck.person.role not in ("anonymous", "tenant_admin", "stranger"):
        return
    own = (("Authorization", f"Bearer {token(deck.person.own)}"),)
    for rule in deck.rules:
        if not rule.endpoint.startswith("chat"):
            continue
        for method in sorted((rule.methods or set()) & {"GET", "POST"}):
            for slug, headers in ((deck.person.foreign.slug, own), (NOBODY, own), (NOBODY, ())):
                if slug == NOBODY or rule.endpoint not in OPEN:
                    path, body = deck.path(rule, slug=slug), SAID if method == "POST" else None
                    yield Probe(
                        *(deck.person.role, rule.endpoint, method, path),
                        json=body,
                        headers=headers,
                        no=True,
                    )
