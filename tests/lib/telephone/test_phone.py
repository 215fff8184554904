"""A telephone number is what somebody typed, and never digits that nobody typed."""

import pytest

from app.lib.telephone.phone import BadNumber, e164


@pytest.mark.parametrize(
    ("text", "country", "number"),
    [
        # As Excel saves a column of numbers.
        ("1711234567.0", "DE", "+491711234567"),
        ("0171 1234567 Handy", "DE", "+491711234567"),
        ("0171/1234567", "DE", "+491711234567"),
        ("00491711234567", "DE", "+491711234567"),
        ("+49 (0)171 1234567", "US", "+491711234567"),
        ("Tel.: 030 901820", "DE", "+4930901820"),
        ("0171 1234567 Büro", "DE", "+491711234567"),
        ("079 123 45 67 mob", "CH", "+41791234567"),
        ("mob. 079 123 45 67", "CH", "+41791234567"),
        ("079 123 45 67 (mob.)", "CH", "+41791234567"),
        ("(212) 555-0142", "US", "+12125550142"),
        ("212.555.0142", "US", "+12125550142"),
        ("+1 (212) 555\u20110142 x5", "US", "+12125550142"),
        ("+1 212\u00a0555 0142 ext. 12", "DE", "+12125550142"),
        ("0171 1234567.0", "DE", "+491711234567"),
        ("3090182000.0", "DE", "+493090182000"),
        ("1711234567,0", "DE", "+491711234567"),
        ("+491711234567.0", "US", "+491711234567"),
        # With the marks that turn its direction, as a telephone copies it.
        ("\u202a+49 171 1234567\u202c", "US", "+491711234567"),
        ("12125550142", "US", "+12125550142"),
        ("447911123456", "GB", "+447911123456"),
    ],
)
def test_a_number_is_read_as_people_write_it(text: str, country: str, number: str) -> None:
    assert e164(text, country) == number


@pytest.mark.parametrize(
    ("text", "country", "says"),
    [
        ("1-800-FLOWERS", "US", "not a complete telephone number"),
        ("1.71E+09", "DE", "not a telephone number"),
        # One of Berlin's without its area code would be one of the area 901.
        ("901820", "DE", "not a complete telephone number"),
        ("555-0142", "DE", "not a complete telephone number"),
        ("555-0142", "US", "not a complete telephone number"),
        ("000-000-0000", "US", "not a complete telephone number"),
        ("0171 1234567 oder 030 901820", "DE", "not a telephone number"),
        ("12", "US", "not a complete telephone number"),
        ("call us", "US", "not a telephone number"),
        ("0171 1234567 2. Handy", "DE", "not a telephone number"),
        ("0171 1234567 (2)", "DE", "not a telephone number"),
        # Without the + that a spreadsheet has taken it is also one in Leer.
        ("491711234567.0", "DE", "can be two numbers: write it with its"),
        ("", "US", "not a telephone number"),
    ],
)
def test_what_is_no_whole_number_is_refused(text: str, country: str, says: str) -> None:
    with pytest.raises(BadNumber, match=says):
        e164(text, country)
