"""Public holidays: those of a country and its region, by names that stay the same."""

from datetime import date

import pytest
from phonenumbers import SUPPORTED_REGIONS

from app.business_hours.public_holidays import closed, known, of_year, regions


@pytest.mark.parametrize(
    ("country", "region", "day", "name"),
    [
        ("US", None, "2026-11-26", "Thanksgiving Day"),
        # By its name in English, wherever this program runs.
        ("DE", None, "2026-10-03", "German Unity Day"),
        ("DE", "BY", "2026-01-06", "Epiphany"),
        ("ES", "CT", "2026-09-11", "National Day of Catalonia"),
        ("MX", None, "2027-02-01", "Constitution Day"),
    ],
)
def test_a_holiday_of_the_country_or_the_region_is_known(
    monkeypatch: pytest.MonkeyPatch, country: str, region: str | None, day: str, name: str
) -> None:
    monkeypatch.setenv("LANGUAGE", "uk")
    of_year.cache_clear()
    when = date.fromisoformat(day)
    assert name in of_year(country, region, when.year)[when]
    assert closed(country, region, (), when)
    assert not closed(country, region, (name,), when)


def test_a_holiday_of_a_region_is_none_elsewhere() -> None:
    epiphany = date(2026, 1, 6)
    assert closed("DE", "BY", (), epiphany)
    assert not closed("DE", None, (), epiphany)
    assert not closed("DE", "BE", (), epiphany)


def test_where_two_fall_on_a_date_it_is_closed_unless_it_is_open_on_both() -> None:
    both = of_year("AL", None, 2028)[date(2028, 4, 16)]
    assert len(both) == 2
    assert closed("AL", None, both[:1], date(2028, 4, 16))
    assert not closed("AL", None, both, date(2028, 4, 16))


def test_a_name_says_nothing_that_changes_from_year_to_year() -> None:
    names = {
        name for year in (2024, 2032) for day in of_year("TR", None, year).values() for name in day
    }
    assert "Eid al-Fitr" in names
    assert not [name for name in names if "estimated" in name]


def test_a_region_that_the_country_does_not_have_is_left_out() -> None:
    assert of_year("US", "BY", 2026) == of_year("US", None, 2026)
    assert of_year("US", "../etc", 2026) == of_year("US", None, 2026)


def test_regions_have_names() -> None:
    assert regions("US")["NY"] == "New York"
    assert "CT" in regions("ES") and "Catalunya" in regions("ES")["CT"]
    assert regions("XX") == {}


def test_every_country_of_a_business_is_known_or_has_no_holidays() -> None:
    unknown = {country for country in SUPPORTED_REGIONS if not known(country)}
    assert len(unknown) < 5
    without = {country for country in SUPPORTED_REGIONS if not of_year(country, None, 2027)}
    assert unknown <= without and len(without) < 10
    # Names of the library's module that are no country.
    assert (
        not known("UTC") and not known("HolidayBase") and of_year("HolidayBase", None, 2026) == {}
    )
