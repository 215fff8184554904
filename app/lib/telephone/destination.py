"""Where a telephone number is, and whether it costs whoever calls or texts it more than others.

By Google's phonenumbers, which knows the numbering plans (ITU-T E.164, and each country's own).
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache

import phonenumbers
from babel import Locale
from phonenumbers import NumberParseException, PhoneNumberType

# One country to whoever pays for calls, with several regions.
UNITED_STATES = frozenset({"US", "PR", "VI", "GU", "AS", "MP"})
GLOBAL = "001"
COSTLY = {
    PhoneNumberType.PREMIUM_RATE: "a premium-rate number",
    PhoneNumberType.SHARED_COST: "a shared-cost number",
    PhoneNumberType.PERSONAL_NUMBER: "a personal number that is put through at the caller's cost",
    PhoneNumberType.PAGER: "a pager",
    PhoneNumberType.UAN: "a company number with a rate of its own",
    PhoneNumberType.VOICEMAIL: "a number of a voicemail service",
}
SATELLITE = "a satellite or other global number"
NOWHERE = "no number that anybody is known to have"
# WhatsApp's own name for somebody, such as US.1234.
USER_ID = re.compile(r"([A-Z]{2})\.")


@dataclass(frozen=True)
class Place:
    region: str
    """ISO 3166, or empty where it is in none."""
    costly: str
    """What it is, where an ordinary rate cannot be relied on; empty: an ordinary number."""


def parsed(text: str, country: str | None = None) -> phonenumbers.PhoneNumber:
    """Raises NumberParseException."""
    number = phonenumbers.parse(text, country)
    national = str(number.national_number)
    # Mexico dropped the 1 of mobiles in 2019; people, carriers and WhatsApp still write it.
    if number.country_code == 52 and len(national) == 11 and national[0] == "1":
        number.national_number = int(national[1:])
    return number


@lru_cache(maxsize=10_000)
def place(address: str) -> Place:
    """Of a number in E.164, or of a WhatsApp user id."""
    if of_user := USER_ID.match(address):
        return Place(of_user[1], "")
    try:
        number = parsed(address)
    except NumberParseException:
        return Place("", NOWHERE)
    kind = int(phonenumbers.number_type(number))
    region = phonenumbers.region_code_for_number(number) or ""
    if phonenumbers.COUNTRY_CODE_TO_REGION_CODE.get(number.country_code or 0) == (GLOBAL,):
        return Place("", SATELLITE)
    if kind == PhoneNumberType.UNKNOWN:
        return _unknown(address)
    return Place(region, COSTLY.get(kind, ""))


def _unknown(address: str) -> Place:
    # An area code may be newer than our tables. Elsewhere a premium-rate number with one digit too
    # many would pass for one of those; American numbers have ten, and none too many.
    newer = re.fullmatch(r"\+1(?!900)[2-9]\d{9}", address)
    return Place("US", "") if newer else Place("", NOWHERE)


def within(countries: Iterable[str]) -> frozenset[str]:
    """The countries with all their regions."""
    given = frozenset(countries)
    return given | UNITED_STATES if given & UNITED_STATES else given


def country_name(code: str) -> str:
    """In English: Germany."""
    return str(Locale("en").territories.get(code, code))
