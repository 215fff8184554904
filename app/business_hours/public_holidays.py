"""The public holidays of countries and their regions, as the library `holidays` knows them."""

from collections.abc import Collection, Mapping
from datetime import date
from functools import cache, lru_cache
from types import ModuleType

# Where the library has no names in English, it gives those of the country.
LANGUAGE = "en_US"


def _library() -> ModuleType:
    # Here, as few processes are ever asked for a holiday.
    import holidays

    return holidays


@cache
def _supported() -> dict[str, list[str]]:
    countries: dict[str, list[str]] = _library().list_supported_countries(include_aliases=False)
    return countries


def known(country: str) -> bool:
    """Whether anything is known of the country (ISO 3166-1)."""
    return country in _supported()


@cache
def regions(country: str) -> dict[str, str]:
    """Those of the country that have holidays of their own, by code, with what people call them."""
    if not known(country):
        return {}
    named = getattr(_library(), country).get_subdivision_aliases()
    called = {code: ", ".join(names) or code for code, names in named.items()}
    return dict(sorted(called.items(), key=lambda each: each[1]))


@lru_cache(maxsize=512)
def of_year(country: str, region: str | None, year: int) -> Mapping[date, tuple[str, ...]]:
    """The names of the holidays by date, in order; a region that the country does not have is
    left out."""
    if not known(country):
        return {}
    inside = region if region in regions(country) else None
    found = _library().country_holidays(country, inside, years=year, language=LANGUAGE)
    return {day: tuple(map(_lasting, found.get_list(day))) for day in sorted(found)}


def _lasting(name: str) -> str:
    """The name without whether its date is an estimate, which differs from year to year."""
    return name.replace(", estimated)", ")").removesuffix(" (estimated)")


def closed(country: str, region: str | None, open_on: Collection[str], day: date) -> bool:
    """Whether the date has a holiday but those of these names."""
    names = of_year(country, region, day.year).get(day, ())
    return any(name not in open_on for name in names)
