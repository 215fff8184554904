"""An address as it is stored: one form for each telephone and mailbox."""

from email_validator import EmailNotValidError, validate_email

from app.channels import CHANNELS
from app.lib.telephone.phone import e164


class BadAddress(ValueError):
    """Not an address of that channel; the text says so in a person's words."""


def normal(channel: str, text: str, country: str) -> str:
    """E.164 for a telephone, small letters for a mailbox; what a carrier makes up nobody can type.
    Raises BadNumber or BadAddress."""
    if CHANNELS[channel].is_scoped:
        raise BadAddress(f"{CHANNELS[channel].label} is known once the customer writes by it")
    if CHANNELS[channel].address_form == "phone":
        return e164(text, country)
    try:
        checked = validate_email(text, check_deliverability=False, test_environment=True)
    except EmailNotValidError:
        raise BadAddress(f"“{text}” is not an email address") from None
    return checked.normalized.lower()


def mailbox(text: str) -> str:
    """A mailbox that every mail server takes. Raises BadAddress."""
    address = normal("email", text, "")
    if not address.rpartition("@")[0].isascii():
        raise BadAddress(f"“{text}” has accents before the @: no email goes there")
    return address
