"""Webhooks: with the other business's SIDs and names, and signed by whoever must not."""

import json
from collections.abc import Iterator
from functools import cache
from pathlib import Path

from werkzeug.routing import Rule

from app.extensions import settings
from hostile.deck import Deck
from hostile.probe import Pairs, Probe
from hostile.world import OWN_ACCOUNT, OWN_TOKEN, WORDS
from tests.support.twilio import PAYLOADS
from tests.support.world import ACCOUNT, Business

NOBODYS_TOKEN = "a" * 32
# What a payload says about whom and what.
SIDS = ("MessageSid", "SmsSid", "SmsMessageSid", "CallSid", "ParentCallSid", "DialCallSid")


def probes(deck: Deck) -> Iterator[Probe]:
    # Whoever is signed in: a signature is all that counts.
    if deck.person.role not in ("anonymous", "tenant_admin", "stranger"):
        return
    for rule in deck.rules:
        # Of a live chat a visitor's token counts (chats.py).
        if "slug" in rule.arguments and "POST" in (rule.methods or ()) and not _chats(rule):
            for form in _payloads():
                yield from _about_them(deck, rule, form)
                yield from _for_them(deck, rule, form)


def _chats(rule: Rule) -> bool:
    return rule.endpoint.startswith("chat")


@cache
def _payloads() -> tuple[dict[str, str], ...]:
    """As they were captured."""
    files = sorted(Path(PAYLOADS).glob("*.json"))
    return tuple(json.loads(file.read_text())["form"] for file in files)


def _about_them(deck: Deck, rule: Rule, payload: dict[str, str]) -> Iterator[Probe]:
    """Signed for their own business as it must be, and naming what the other one has."""
    if deck.person.home is None:
        return
    own, foreign = deck.person.own, deck.person.foreign
    names = deck.values.named("message", "public_id", foreign)
    for owner in (foreign, own):
        for place, sid in enumerate(_sids(deck, owner)):
            # What is a message stays one, and a call a call.
            told = payload | {name: sid for name in SIDS if payload.get(name, "")[:2] == sid[:2]}
            numbers = {"To": foreign.number, "From": foreign.customer_number}
            query = (("mid", names[place % len(names)]),) if place % 2 else ()
            for form in (told | {"To": own.number}, told | numbers):
                yield _signed(deck, rule, own, form, query)


def _sids(deck: Deck, owner: Business) -> list[str]:
    messages, calls = (
        deck.values.named(table, "provider_sid", owner)[-3:] for table in ("message", "call")
    )
    return [*messages, *calls]


def _for_them(deck: Deck, rule: Rule, payload: dict[str, str]) -> Iterator[Probe]:
    """For the other business, signed by somebody else: by nobody, or by another account."""
    foreign = deck.person.foreign
    nobody = _signed(deck, rule, deck.person.own, payload, ())
    yield nobody.but(path=deck.path(rule, slug="nobody"), strict=True, no=True)
    for token in ("", NOBODYS_TOKEN, _token(deck.person.own)):
        for account in (_account(deck.person.own), _account(foreign)):
            one = _signed(deck, rule, foreign, payload | {"AccountSid": account}, ())
            yield one.but(signed=token, strict=True, no=True)


def _signed(deck: Deck, rule: Rule, owner: Business, form: dict[str, str], query: Pairs) -> Probe:
    path = deck.path(rule, slug=owner.slug)
    form = {"AccountSid": _account(owner), **form}
    form["AccountSid"] = form["AccountSid"] if form["AccountSid"] in ALL else _account(owner)
    fields = tuple(form.items())
    return Probe(
        *(deck.person.role, rule.endpoint, "POST", path, query, fields),
        strict=False,
        signed=_token(owner),
    )


ALL = (ACCOUNT, OWN_ACCOUNT)


def _ours(owner: Business) -> bool:
    return owner.slug == next(iter(WORDS))


def _token(owner: Business) -> str:
    return OWN_TOKEN if _ours(owner) else str(settings().twilio_auth_token)


def _account(owner: Business) -> str:
    return OWN_ACCOUNT if _ours(owner) else ACCOUNT
