"""Who lives in a run: businesses with customers, and a stranger whom nothing concerns."""

import hashlib
import json
import os
from collections.abc import Iterator
from dataclasses import asdict, dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from app.models import AutomationRule, Customer

PASSWORD = "correct-horse-battery"  # noqa: S105 (of a database that lives for a quarter of an hour)
TIMEZONE = "America/New_York"
BUSINESSES = 6
CUSTOMERS = 40
# So many of them write by WhatsApp, and can be answered there.
ON_WHATSAPP = 8
# These write there as well.
ON_META = {20: "messenger", 21: "messenger", 22: "instagram", 23: "instagram"}
# These chat on the business's site.
ON_CHAT = (25, 26)
# These have children without a telephone, who are reached through them.
PARENTS = (10, 11, 12, 13)
CHILDREN = 2
STRANGER = "stranger"
# So many businesses have RCS, and these telephones, until they lose it.
WITH_RCS = 2
ON_RCS = range(1, CUSTOMERS, 2)
# These say STOP in the course of a run.
STOPPING = range(30, 35)
# Of every appointment.
REMINDED = (timedelta(hours=2), timedelta(hours=1))
# Theirs rings first: a call that nobody takes is missed when that is over.
FORWARDED_TO = "+14155550000"
# The carrier takes messages to these and reports later, or says at once, that it cannot be.
# The first is tried by WhatsApp, too.
UNDELIVERABLE = {"+12125550007": 30003, "+12125550038": 30003, "+12125550039": 21610}

# How businesses want their automatic messages: at any hour, so that a run at night is one.
AUTOMATIC: dict[str, object] = {
    "quiet_from": None,
    "quiet_until": None,
    "types": {
        "appointment_reminder": {"options": {"hours": [2, 1]}},
        "review_request": {
            "options": {"link": "https://reviews.test", "after_visit": True, "delay": 0}
        },
    },
}
# What each business wants done by itself; a note each time, so that it can be counted.
RULES: tuple[tuple[str, tuple[dict[str, object], ...]], ...] = (
    ("customer_wrote", ({"key": "note", "options": {"text": "wrote"}},)),
    (
        "customer_wrote",
        (
            {"key": "note", "options": {"text": "answered"}},
            {"key": "send_text", "options": {"text": "Thank you, {{customer_name}}."}},
        ),
    ),
    *(
        (f"appointment_{what}", ({"key": "note", "options": {"text": what}},))
        for what in ("booked", "moved", "cancelled", "completed")
    ),
)


@dataclass(frozen=True)
class Business:
    slug: str
    number: str
    email: str
    customer_ids: list[int]
    """In the order of their telephones: phone(0), phone(1) …"""
    secret: str
    """By which its own system verifies what it is told."""
    rcs_sender: str = ""
    """Empty: it has none."""
    service: str = ""
    """The Messaging Service of Twilio's that the sender is in."""
    families: list[list[tuple[int, str]]] = field(default_factory=list)
    """Who shares a telephone: the id and the first name of each child."""


def phone(index: int) -> str:
    return f"+1212555{index:04d}"


def page(slug: str) -> str:
    """The business's page at Meta."""
    return f"10400{slug[-1]}"


def account(slug: str, channel: str) -> str:
    return f"1784{page(slug)}" if channel == "instagram" else page(slug)


def person(slug: str, index: int) -> str:
    """What the customer with that telephone is to the business's page or account."""
    return f"7000000000{page(slug)}{index:02d}"


def visitor(slug: str, index: int) -> str:
    """What the same customer is to its live chat."""
    return "v-" + hashlib.md5(f"{slug} {index}".encode(), usedforsecurity=False).hexdigest()


def visitors_token(slug: str, index: int) -> str:
    return f"visitor-{slug}-{index}"


def load(folder: Path) -> list[Business]:
    """All but the stranger."""
    return [Business(**each) for each in json.loads((folder / "town.json").read_text())]


def build() -> None:
    """Fill the database, and write down who is there. Within the app's context."""
    names = [f"salon{index}" for index in range(BUSINESSES)]
    built = [
        _business(name, f"+1415555{1000 + index}", f"MG{index:032x}" if index < WITH_RCS else "")
        for index, name in enumerate(names)
    ]
    _business(STRANGER, "+14155559999")
    text = json.dumps([asdict(each) for each in built])
    (Path(os.environ["VAR_DIR"]) / "town.json").write_text(text)


def _business(slug: str, number: str, service: str = "") -> Business:
    from app import onboarding
    from app.automation.webhooks import endpoints
    from app.extensions import db
    from app.lib.time.clock import now
    from app.models import ContactPoint, Customer, EventType, Role
    from app.notifications.configure.change import change
    from app.numbers.enter import enter
    from app.tenancy import tenant_scope

    tenant = onboarding.create_tenant(
        slug, slug.title(), TIMEZONE, "US", number, number, FORWARDED_TO
    )
    tenant.undo_seconds = 0
    # The trouble is to meet many messages, not to wait for a long code's one a second.
    tenant.sms_pace = tenant.whatsapp_pace = 1000
    # What is beyond a limit would wait for tomorrow.
    tenant.segments_a_day = tenant.calls_a_day = tenant.strangers_a_day = 1_000_000
    db.session.commit()
    with tenant_scope(tenant.id):
        email = f"staff@{slug}.test"
        onboarding.create_user(email, PASSWORD, Role.STAFF, tenant)
        people = [Customer(first_name=f"Ann {index}") for index in range(CUSTOMERS)]
        for index, each in enumerate(people):
            each.contact_points.append(ContactPoint(channel="sms", address=phone(index)))
        if slug != STRANGER:
            _connect(slug, people)
            _chat(slug, people)
        db.session.add_all(people)
        db.session.flush()
        families = _families(people)
        db.session.commit()
        if service:
            enter(tenant, "rcs", f"{slug}_agent", now(), by_operator=True, service=service)
        change(AUTOMATIC, now())
        db.session.add_all(_rules(now()))
        receiver = f"{os.environ['TWILIO_API_URL']}/hooks/{slug}"
        _, secret = endpoints.make("Till", receiver, EventType, now())
        db.session.commit()
        ids = [each.id for each in people]
        sender = f"{slug}_agent" if service else ""
        named = [[(child.id, child.first_name) for child in family] for family in families]
        made = Business(slug, number, email, ids, secret, sender, service, named)
    db.session.remove()
    return made


def _families(people: "list[Customer]") -> "list[list[Customer]]":
    from app.extensions import db
    from app.models import Customer

    families = [
        [
            Customer(first_name=f"{name}{index}", reached_through_id=people[index].id)
            for name in ("Mia", "Tom")[:CHILDREN]
        ]
        for index in PARENTS
    ]
    for family in families:
        db.session.add_all(family)
    db.session.flush()
    return families


def _connect(slug: str, people: "list[Customer]") -> None:
    """To a page and an Instagram account at Meta."""
    from app.inbound.social.connect_account import Chosen, store
    from app.lib.time.clock import now
    from app.models import ContactPoint

    for channel in ("messenger", "instagram"):
        address = account(slug, channel)
        store(Chosen(channel, address, page(slug), slug, f"token-{slug}"), now())
    for index, channel in ON_META.items():
        point = ContactPoint(channel=channel, address=person(slug, index))
        people[index].contact_points.append(point)


def _chat(slug: str, people: "list[Customer]") -> None:
    """Its live chat is on, and some have a session there."""
    from app.extensions import db
    from app.lib.time.clock import now
    from app.models import ChatSession, ContactPoint
    from app.webchat import enable_chat
    from app.webchat.visitor_sessions import hashed

    enable_chat.enable(f"https://{slug}.test", now())
    for index in ON_CHAT:
        address, token = visitor(slug, index), visitors_token(slug, index)
        people[index].contact_points.append(ContactPoint(channel="webchat", address=address))
        db.session.add(ChatSession(address=address, token_hash=hashed(token)))


def _rules(now: datetime) -> "Iterator[AutomationRule]":
    from app.models import AutomationRule

    for position, (trigger, actions) in enumerate(RULES):
        yield AutomationRule(
            name=f"{trigger} {position}",
            position=position,
            trigger=trigger,
            trigger_options={},
            conditions=[],
            actions=list(actions),
            enabled=True,
            enabled_at=now,
            created_at=now,
            updated_at=now,
        )
