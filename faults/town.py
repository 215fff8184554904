"""Who lives in a run: businesses with customers, and a stranger whom nothing concerns."""

import json
import os
from dataclasses import asdict, dataclass
from pathlib import Path

PASSWORD = "correct-horse-battery"  # noqa: S105 (of a database that lives for a quarter of an hour)
BUSINESSES = 6
CUSTOMERS = 40
# So many of them write by WhatsApp, and can be answered there.
ON_WHATSAPP = 8
STRANGER = "stranger"
# The carrier takes messages to these and reports later, or says at once, that it cannot be.
UNDELIVERABLE = {"+12125550038": 30003, "+12125550039": 21610}


@dataclass(frozen=True)
class Business:
    slug: str
    number: str
    email: str
    customer_ids: list[int]
    """In the order of their telephones: phone(0), phone(1) …"""


def phone(index: int) -> str:
    return f"+1212555{index:04d}"


def load(folder: Path) -> list[Business]:
    """All but the stranger."""
    return [Business(**each) for each in json.loads((folder / "town.json").read_text())]


def build() -> None:
    """Fill the database, and write down who is there. Within the app's context."""
    names = [f"salon{index}" for index in range(BUSINESSES)]
    built = [_business(name, f"+1415555{1000 + index}") for index, name in enumerate(names)]
    _business(STRANGER, "+14155559999")
    text = json.dumps([asdict(each) for each in built])
    (Path(os.environ["VAR_DIR"]) / "town.json").write_text(text)


def _business(slug: str, number: str) -> Business:
    from app import onboarding
    from app.extensions import db
    from app.models import ContactPoint, Customer, Role
    from app.tenancy import tenant_scope

    tenant = onboarding.create_tenant(slug, slug.title(), "America/New_York", "US", number, number)
    tenant.undo_seconds = 0
    # The trouble is to meet many messages, not to wait for a long code's one a second.
    tenant.sms_pace = tenant.whatsapp_pace = 1000
    db.session.commit()
    with tenant_scope(tenant.id):
        email = f"staff@{slug}.test"
        onboarding.create_user(email, PASSWORD, Role.STAFF, tenant)
        people = [Customer(first_name=f"Ann {index}") for index in range(CUSTOMERS)]
        for index, person in enumerate(people):
            person.contact_points.append(ContactPoint(channel="sms", address=phone(index)))
        db.session.add_all(people)
        db.session.commit()
        made = Business(slug, number, email, [person.id for person in people])
    db.session.remove()
    return made
