"""Dates, times and prices as people write them in a language and a country (CLDR, by Babel)."""

from collections.abc import Collection
from datetime import date, datetime, time
from decimal import ROUND_HALF_UP, Decimal
from functools import cache, lru_cache

from babel import Locale, UnknownLocaleError, localedata
from babel.dates import format_skeleton, format_time
from babel.numbers import format_currency, get_territory_currencies

# CLDR's blanks before «PM» and within it: one of them makes an SMS UCS-2, at 70 a segment.
BLANKS = str.maketrans("\u202f\u00a0\u2009", "   ")


@cache
def spoken_at(language: str, home: str) -> Locale:
    """The language as it is written in the country of home, such as es and en_US: es_US."""
    try:
        return Locale.parse(f"{language}_{Locale.parse(home).territory}")
    except UnknownLocaleError:
        return Locale.parse(language)


@cache
def on_pages(home: str) -> Locale:
    """English, which the pages speak, as it is written where the locale is at home.

    Where CLDR knows no English of the country: the world's, or Europe's if clocks have 24 hours.
    """
    own = Locale.parse(home)
    if f"en_{own.territory}" in localedata.locale_identifiers():
        return Locale.parse(f"en_{own.territory}")
    return Locale.parse("en_150" if "H" in own.time_formats["short"].pattern else "en_001")


# A page says the same days and times over and over.
@lru_cache(maxsize=4096)
def day(day_: date, locale: Locale, skeleton: str = "MMMEd") -> str:
    """A day with what the skeleton asks for (CLDR); without its year: Thu, Nov 19."""
    return format_skeleton(skeleton, day_, tzinfo=None, locale=locale).translate(BLANKS)


def time_of_day(wall_time: datetime, locale: Locale) -> str:
    """2:05 PM or 14:05."""
    return _clock(wall_time.hour, wall_time.minute, locale)


def to_the_second(wall_time: datetime, locale: Locale) -> str:
    """2:05:09 PM or 14:05:09."""
    return format_time(wall_time.time(), "medium", locale=locale).translate(BLANKS)


@lru_cache(maxsize=4096)
def _clock(hour: int, minute: int, locale: Locale) -> str:
    return format_time(time(hour, minute), "short", locale=locale).translate(BLANKS)


def money(amount: Decimal, currency: str, locale: str) -> str:
    """A small price with two digits that say something: $0.016, $1.20."""
    step = Decimal("0.01") if amount >= Decimal("0.1") else Decimal("0.001")
    rounded = amount.quantize(step, ROUND_HALF_UP)
    text = format_currency(rounded, currency, locale=locale, decimal_quantization=False)
    return text.translate(BLANKS)


def price(amount: Decimal, currency: str, locale: str) -> str:
    """As a shop writes it: $45.00, 45,00 €, ¥4,500."""
    return format_currency(amount, currency, locale=locale).translate(BLANKS)


def language(code: str) -> str:
    """The English name of a language, such as Spanish for es; what is none stays as it is."""
    return str(Locale("en").languages.get(code, code))


@cache
def locales(languages: tuple[str, ...]) -> dict[str, str]:
    """The locales of the languages, one a country, with their English names."""
    english = Locale("en")
    parts = (name.split("_") for name in localedata.locale_identifiers())
    found = {
        f"{part[0]}_{part[1]}": f"{english.languages[part[0]]} ({english.territories[part[1]]})"
        for part in parts
        if len(part) == 2 and part[0] in languages and len(part[1]) == 2
    }
    return dict(sorted(found.items(), key=lambda each: each[1]))


def locale_of(country: str, languages: Collection[str]) -> str:
    """How a business in the country most likely writes, in one of the languages or in English."""
    try:
        likely = Locale.parse(f"und_{country}").language
    except UnknownLocaleError:
        likely = "en"
    known = locales(tuple(languages))
    return next((n for n in (f"{likely}_{country}", f"en_{country}") if n in known), "en_US")


@cache
def currencies() -> list[str]:
    """The currencies that some country pays with, by their ISO 4217 codes."""
    names = map(str, Locale("en").territories)
    countries = (name for name in names if len(name) == 2 and name.isalpha())
    return sorted({code for country in countries for code in get_territory_currencies(country)})
