"""Fills the browser tests' database: a salon, the stranger's garage, and the operator.

Run as `python -m tests.browser.seed` with the product's environment.
"""

from datetime import timedelta

import flask_migrate

import wsgi
from app.demo.demo_chat import simulators_sites
from app.extensions import db, settings, vault
from app.lib.time.clock import now
from app.models import StaffMember, Tenant
from app.tenancy import tenant_scope
from app.webchat import enable_chat
from tests.support import parts, world

SALON = "+14155550100"
STAFF, ADMIN, OPERATOR = "staff@salon.test", "admin@salon.test", "op@platform.test"
EMAIL_TOKEN = "what-a-mail-service-knows"
"""The secret in the address that the salon's emails are posted to."""
SILENT = "+12125550177"
"""Whose last WhatsApp message is older than 24 hours."""
FORMER = "+12125550178"
"""The same, by the name of Dora."""


def main() -> None:
    with wsgi.build().app_context():
        flask_migrate.upgrade()
        parts.spread()
        garage = world.business(
            "garage", "Strangers' Garage", "Europe/Berlin", number="+4930901820"
        )
        salon = world.business("salon", "Bella's Salon", "America/New_York", number=SALON)
        db.session.get_one(Tenant, salon.id).email_token_sealed = vault().seal(EMAIL_TOKEN)
        with tenant_scope(salon.id):
            db.session.add(StaffMember(name="Leo"))
            db.session.commit()
        for owner in (salon, garage):
            with tenant_scope(owner.id):
                # The simulator has their sites, on another origin.
                chat = enable_chat.enable(" ".join(simulators_sites(settings())), now())
                chat.email = f"hello@{owner.slug}.test"
                db.session.commit()
        world.operator()
        long_ago = now() - timedelta(hours=30)
        world.hear(salon, "¿Hablan español?", number=SILENT, channel="whatsapp", at=long_ago)
        former = {"number": FORMER, "channel": "whatsapp", "name": "Dora Voss"}
        world.hear(salon, "Is Leo in today?", at=long_ago, **former)


if __name__ == "__main__":
    main()
