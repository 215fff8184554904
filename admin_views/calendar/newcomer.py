"""Booking for somebody who is not in the list yet, and the way back to where a person came from."""

from collections.abc import Mapping
from typing import Any

from flask import request, url_for

from app.appointments.commands import Refused
from app.customers.add import add
from app.lib.telephone.phone import BadNumber

# Where a booking may lead back to: the endpoints by the words in its address.
WAYS_BACK = {"thread": "inbox.show", "profile": "profile.show"}
BOTH = "Choose a customer, or enter a new one: not both."


def entered(values: Mapping[str, Any], country: str) -> dict[str, Any]:
    """The customer_id of whom new_phone and new_name tell, in the place of these; whoever has the
    number already is meant. Empty where nobody is entered. Raises Refused; commits."""
    phone, name = (str(values.get(field) or "").strip() for field in ("new_phone", "new_name"))
    if not phone and not name:
        return {}
    if values.get("customer_id"):
        raise Refused(BOTH)
    if not phone:
        raise Refused("Give the new customer’s mobile number, too.")
    try:
        customer, _ = add(phone, name[:100], country)
    except BadNumber as error:
        hint = "Give it with its country code, such as +1 212 555 0142."
        raise Refused(f"{error}. {hint}") from None
    return {"customer_id": customer.id, "new_phone": "", "new_name": ""}


def to() -> str | None:
    """Where the address leads back to, in its own word; None: to the calendar."""
    named = request.args.get("to")
    return named if named in WAYS_BACK else None


def back(customer_id: int) -> str | None:
    """The page of the customer to which it leads back."""
    named = to()
    return url_for(WAYS_BACK[named], customer_id=customer_id) if named else None
