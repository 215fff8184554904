"""Telephone numbers in E.164 (ITU-T), by Google's phonenumbers."""

import re
from functools import lru_cache

import phonenumbers
from phonenumbers import NumberParseException, PhoneNumberFormat, PhoneNumberType

from app.lib.mail.display_name import visible
from app.lib.telephone.destination import parsed, place

# A number as people write it, with a word before it or behind it, and an extension.
WRITTEN = re.compile(
    r"(?:[^\W\d_][^\d+(]*)?"
    r"(?P<number>[+(]*\d[\d\s().\-/\u2010-\u2015\u00a0]*)"
    r"(?:(?:ext\.?|x|\#)\s*\d{1,6}|(?:\(\s*)?[^\W\d_][^\d]*)?",
    re.IGNORECASE,
)
# What a spreadsheet makes of a column of numbers.
DECIMAL = re.compile(r"^(\+?\d[\d ]{5,})[.,]0+$")
# Behind a number: which of somebody's it is, as in 0171 1234567 (2).
WHICH = re.compile(r"\s\(?\d[).]\s*$")
# With fewer digits there may be no area code among them.
WITH_AREA = 9
# A plan such as the American one does not tell mobiles and landlines apart: those stay.
WITHOUT_SMS = (PhoneNumberType.UNKNOWN, PhoneNumberType.FIXED_LINE)

# Brazil: of eight digits only those that begin with 6 to 9 were a mobile's before it got its 9;
# the others are somebody's landline. https://www.anatel.gov.br (nono dígito)
OTHER_FORMS = (
    (re.compile(r"\+55(\d\d)9([6-9]\d{7})"), r"+55\1\2"),
    (re.compile(r"\+55(\d\d)([6-9]\d{7})"), r"+55\g<1>9\2"),
    (re.compile(r"\+549([1-3]\d{9})"), r"+54\1"),
    (re.compile(r"\+54([1-3]\d{9})"), r"+549\1"),
    (re.compile(r"\+521([2-9]\d{9})"), r"+52\1"),
    (re.compile(r"\+52([2-9]\d{9})"), r"+521\1"),
)


class BadNumber(ValueError):
    """Not a telephone number; the text says so in a person's words."""


# The same person writes again and again.
@lru_cache(maxsize=8_192)
def e164(text: str, country: str) -> str:
    """The number in E.164; without a leading + it is one of the country (ISO 3166, e.g. US).

    A word before or behind it, such as mob or Handy, is left out; it never becomes digits, as the
    keys of a telephone would have it. Raises BadNumber.
    """
    found = WRITTEN.fullmatch(DECIMAL.sub(r"\1", visible(text).strip()))
    if found is None or WHICH.search(found["number"]):
        raise BadNumber(f"“{text}” is not a telephone number")
    try:
        number = parsed(found["number"], country)
    except NumberParseException:
        raise BadNumber(f"“{text}” is not a telephone number") from None
    written = phonenumbers.format_number(number, PhoneNumberFormat.E164)
    # Not one without its area code, and none that no numbering plan has, in whichever form.
    valid = any(phonenumbers.is_valid_number(parsed(form)) for form in variants(written))
    if not valid or _is_local(found["number"], number):
        raise BadNumber(f"“{text}” is not a complete telephone number")
    if _is_two(found["number"], number):
        raise BadNumber(f"“{text}” can be two numbers: write it with its + or its first 0")
    return written


def _is_local(text: str, read: phonenumbers.PhoneNumber) -> bool:
    """Whether its area code is missing: 901820 in Germany is one of each town's."""
    mobile = phonenumbers.number_type(read) == PhoneNumberType.MOBILE
    return _lacks_trunk(text, read) and not mobile and len(str(read.national_number)) < WITH_AREA


def _is_two(text: str, read: phonenumbers.PhoneNumber) -> bool:
    """Whether it is as good with a +, which a spreadsheet leaves out as it does the first 0:
    491711234567 in Germany is somebody's mobile, or a telephone in Leer."""
    bare = str(read.national_number)
    begins = bare.startswith(str(read.country_code))
    return _lacks_trunk(text, read) and begins and is_number(f"+{bare}")


def _lacks_trunk(text: str, read: phonenumbers.PhoneNumber) -> bool:
    """Whether the 0 is missing with which numbers of its country begin, other than after a +."""
    region = phonenumbers.region_code_for_country_code(read.country_code or 0)
    digits_ = re.sub(r"\D", "", text)
    zero = phonenumbers.ndd_prefix_for_region(region, strip_non_digits=True) == "0"
    return zero and "+" not in text and digits_ == str(read.national_number)


def digits(text: str) -> str:
    """The digits of a number, or of a part of one, that E.164 has too: without the trunk prefix
    (020 7946 0958 is +44 20 7946 0958)."""
    return "".join(filter(str.isdigit, text.replace("(0)", ""))).lstrip("0")


def forms(text: str, country: str) -> list[str]:
    """The forms in E.164 of what somebody typed; none where it is no whole number."""
    try:
        return variants(e164(text, country))
    except BadNumber:
        return []


# What stands in a list stands there again in the next one.
@lru_cache(maxsize=8_192)
def pretty(address: str, country: str) -> str:
    """As people of the country write it; anything that is not in E.164 stays as it is."""
    if not address.startswith("+"):
        return address
    try:
        number = parsed(address)
    except NumberParseException:
        return address
    at_home = phonenumbers.region_code_for_number(number) == country
    style = PhoneNumberFormat.NATIONAL if at_home else PhoneNumberFormat.INTERNATIONAL
    return phonenumbers.format_number(number, style)


def is_number(address: str) -> bool:
    """Whether it is a telephone number in E.164 that somebody may have."""
    return _type(address) != PhoneNumberType.UNKNOWN


def can_be_texted(address: str) -> bool:
    """Whether it is a number that takes SMS at an ordinary rate, as far as its numbering plan
    tells."""
    return _type(address) not in WITHOUT_SMS and not place(address).costly


def is_toll_free(address: str) -> bool:
    """Whether it is a number, and free for who calls it."""
    return _type(address) == PhoneNumberType.TOLL_FREE


def _type(address: str) -> int:
    """The PhoneNumberType; UNKNOWN also for what is no number."""
    try:
        return int(phonenumbers.number_type(parsed(address)))
    except NumberParseException:
        return PhoneNumberType.UNKNOWN


def variants(address: str) -> list[str]:
    """The forms under which one line is known, the given one first.

    WhatsApp and carriers drop or add the mobile 9 of Brazil (+55 11 9…) and Argentina (+54 9 …)
    and the former mobile 1 of Mexico (+52 1 …), so the same person may come with and without it.
    """
    for form, other in OTHER_FORMS:
        if form.fullmatch(address):
            return [address, form.sub(other, address)]
    return [address]
