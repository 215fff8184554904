"""How a telephone, a WhatsApp user and a sender are written."""

import hashlib
import re
from functools import lru_cache
from typing import Literal

import phonenumbers

Channel = Literal["sms", "whatsapp", "rcs"]

WHATSAPP, RCS = "whatsapp:", "rcs:"
RCS_SENDER = re.compile(r"[A-Za-z0-9_]{1,60}_agent")
E164 = re.compile(r"\+[1-9]\d{6,14}")
# Since 2026 a WhatsApp user may have a name of the business's scope and no number.
WHATSAPP_USER = re.compile(r"[A-Z]{2}\.[A-Za-z0-9.]{1,64}")
SHORT_CODE = re.compile(r"\d{3,8}")
SENDER_NAME = re.compile(r"(?=.*[A-Za-z])[A-Za-z0-9 ]{1,11}")


def split(address: str) -> tuple[Channel, str]:
    """whatsapp:+1415… is ("whatsapp", "+1415…"), likewise rcs:; all else is a text message."""
    if address.startswith(WHATSAPP):
        return "whatsapp", address.removeprefix(WHATSAPP)
    if address.startswith(RCS):
        return "rcs", address.removeprefix(RCS)
    return "sms", address


def join(channel: Channel, bare: str) -> str:
    return {"whatsapp": WHATSAPP, "rcs": RCS}.get(channel, "") + bare


@lru_cache(maxsize=20_000)
def is_number(bare: str) -> bool:
    """Well formed E.164 of a possible length; whether it is assigned is not asked."""
    if not E164.fullmatch(bare):
        return False
    try:
        return phonenumbers.is_possible_number(phonenumbers.parse(bare))
    except phonenumbers.NumberParseException:
        return False


def can_receive(channel: Channel, bare: str) -> bool:
    return is_number(bare) or (channel == "whatsapp" and WHATSAPP_USER.fullmatch(bare) is not None)


def can_send(channel: Channel, bare: str) -> bool:
    """Twilio sends texts from numbers, short codes and alphanumeric sender IDs; by RCS from senders
    that have an id alone."""
    if channel == "rcs":
        return RCS_SENDER.fullmatch(bare) is not None
    named = SHORT_CODE.fullmatch(bare) or SENDER_NAME.fullmatch(bare)
    return is_number(bare) or (channel == "sms" and named is not None)


def tidy(text: str) -> str | None:
    """What a person typed, as E.164 (United States unless it says otherwise), or None."""
    typed = text.strip().removeprefix(WHATSAPP)
    if WHATSAPP_USER.fullmatch(typed):
        return typed
    try:
        parsed = phonenumbers.parse(typed, "US")
    except phonenumbers.NumberParseException:
        return None
    number = phonenumbers.format_number(parsed, phonenumbers.PhoneNumberFormat.E164)
    return number if is_number(number) else None


@lru_cache(maxsize=20_000)
def country(bare: str) -> str:
    if WHATSAPP_USER.fullmatch(bare):
        return bare[:2]
    try:
        return phonenumbers.region_code_for_number(phonenumbers.parse(bare)) or "US"
    except phonenumbers.NumberParseException:
        return "US"


@lru_cache(maxsize=20_000)
def pretty(bare: str) -> str:
    """+14155550101 as +1 415-555-0101; what is no number stays as it is."""
    try:
        parsed = phonenumbers.parse(bare)
    except phonenumbers.NumberParseException:
        return bare
    return phonenumbers.format_number(parsed, phonenumbers.PhoneNumberFormat.INTERNATIONAL)


def whatsapp_user(bare: str) -> str:
    """The business-scoped user id that WhatsApp gives this person, the same each time."""
    if WHATSAPP_USER.fullmatch(bare):
        return bare
    digest = int(hashlib.sha256(bare.encode()).hexdigest(), 16)
    return f"{country(bare)}.{digest % 10**16:016d}"
