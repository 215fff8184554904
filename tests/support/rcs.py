"""A business with RCS at the simulated Twilio, and a telephone that has it."""

from typing import Any

import requests

from app.extensions import db
from app.lib.time.clock import now
from app.models import Message, Tenant
from app.numbers.enter import enter
from app.numbers.rights import locked
from app.tenancy import tenant_scope
from tests.support.carrier import Carrier
from tests.support.stack import until
from tests.support.world import Business

UNDECIDED = "accepted"
SENDER, SERVICE = "kaivox_salon_a1b2c3_agent", "MG" + "c0de" * 8


def granted(business: Business, sender: str = SENDER, service: str = SERVICE) -> None:
    """The operator has entered its RCS sender."""
    with tenant_scope(business.id):
        enter(locked(business.id), "rcs", sender, now(), by_operator=True, service=service)
        db.session.commit()


def at_twilio(twilio: Carrier, business: Business, **more: str) -> None:
    """Its service there, whose sender has no webhooks but those that are given."""
    told = {"sender": SENDER, "number": business.number, "label": business.name, **more}
    _put(twilio, f"services/{SERVICE}", **told)


def has_rcs(twilio: Carrier, phone: str, rcs: bool = True) -> None:
    _put(twilio, f"phones/{phone}", rcs=rcs)


def on_the_telephone(twilio: Carrier, phone: str) -> list[dict[str, Any]]:
    """What came to it, oldest first, with its buttons; once it is decided by what each goes, as a
    template has no text before."""
    until(lambda: _decided(_sent(twilio, phone)))
    return _sent(twilio, phone)


def sent(twilio: Carrier, to: str) -> list[dict[str, Any]]:
    """What was accepted for the address, likewise: it names no sender before."""
    until(lambda: _decided(twilio.sent(to)))
    return twilio.sent(to)


def _decided(messages: list[dict[str, Any]]) -> bool:
    return all(each["status"] != UNDECIDED for each in messages)


def _sent(twilio: Carrier, phone: str) -> list[dict[str, Any]]:
    url = f"{twilio.url}/simulator/phones/{phone}/messages"
    every: list[dict[str, Any]] = requests.get(url, timeout=5).json()["messages"]
    return [each for each in every if each["direction"] != "inbound"]


def message(business: Business, id_: int) -> Message:
    db.session.rollback()
    with tenant_scope(business.id):
        return db.session.get_one(Message, id_)


def tenant(business: Business) -> Tenant:
    db.session.rollback()
    with tenant_scope(business.id):
        return db.session.get_one(Tenant, business.id)


def _put(twilio: Carrier, path: str, **values: object) -> None:
    requests.put(f"{twilio.url}/simulator/{path}", json=values, timeout=5).raise_for_status()
