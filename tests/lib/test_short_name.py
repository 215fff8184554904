"""Names of links: many, short, and the same however they are typed."""

import math

import pytest

from app.lib import short_name


def test_a_name_has_fifty_bits_in_ten_letters_and_digits() -> None:
    assert len(set(short_name.ALPHABET)) == len(short_name.ALPHABET) == 32
    assert short_name.LENGTH * math.log2(len(short_name.ALPHABET)) >= 50
    names = {short_name.make() for _ in range(1000)}
    assert len(names) == 1000
    assert {len(name) for name in names} == {10}
    assert set("".join(names)) == set(short_name.ALPHABET)
    assert all(short_name.read(name) == name for name in names)


@pytest.mark.parametrize(
    ("typed", "name"),
    [
        ("0123456789", "0123456789"),
        ("ABCDEFGHJK", "abcdefghjk"),
        ("OILoilabcd", "011011abcd"),
        ("012345678", None),
        ("0123456789a", None),
        ("01234567u9", None),
        ("01234567-9", None),
        ("٠١٢٣٤٥٦٧٨٩", None),
        ("0123456789\n", None),
        ("0123456789\x00", None),
        ("", None),
    ],
)
def test_a_name_is_read_however_it_was_typed_and_nothing_else_is(
    typed: str, name: str | None
) -> None:
    assert short_name.read(typed) == name
