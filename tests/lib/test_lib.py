"""The pure helpers."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.lib.safe_media import shown_as
from app.lib.telephone import phone
from app.lib.text import segments
from app.lib.text.cleaning import clean, preview
from app.lib.vault import Vault, VaultError, derive_key
from app.outbox.settle.record import backoff


@pytest.mark.parametrize(
    ("text", "country", "number"),
    [
        ("(212) 555-0142", "US", "+12125550142"),
        ("+44 20 7946 0958", "US", "+442079460958"),
        ("030 901820", "DE", "+4930901820"),
        ("612 34 56 78", "ES", "+34612345678"),
    ],
)
def test_a_number_is_read_as_people_of_the_country_write_it(
    text: str, country: str, number: str
) -> None:
    assert phone.e164(text, country) == number


@pytest.mark.parametrize("text", ["", "12", "hello", "+", "+1", "٣٤", "9" * 40, "\x00"])
def test_what_is_no_number_is_said_so(text: str) -> None:
    with pytest.raises(phone.BadNumber):
        phone.e164(text, "US")


@given(st.text(max_size=40))
def test_no_text_breaks_the_reading_of_numbers(text: str) -> None:
    try:
        assert phone.e164(text, "US").startswith("+")
    except phone.BadNumber as error:
        assert str(error)


@given(st.text())
def test_cleaned_text_fits_into_postgresql(text: str) -> None:
    assert "\x00" not in clean(text)
    clean(text).encode()


@given(st.text(), st.integers(5, 50))
def test_a_preview_is_one_line_and_not_longer(text: str, length: int) -> None:
    shown = preview(text, length)
    assert len(shown) <= length
    assert "\n" not in shown


@pytest.mark.parametrize(
    ("body", "count", "encoding"),
    [
        ("a" * 160, 1, "GSM-7"),
        ("a" * 161, 2, "GSM-7"),
        ("€" * 80, 1, "GSM-7"),
        ("ж" * 70, 1, "UCS-2"),
        ("ж" * 71, 2, "UCS-2"),
        ("😊", 1, "UCS-2"),
    ],
)
def test_segments_are_counted_as_carriers_bill_them(body: str, count: int, encoding: str) -> None:
    counted = segments.count(body)
    assert (counted.count, counted.encoding) == (count, encoding)
    assert counted.left >= 0


def test_the_vault_opens_with_former_keys_and_with_no_other() -> None:
    old, new = derive_key("old"), derive_key("new")
    sealed = Vault([old]).seal("token")
    assert "token" not in sealed
    assert Vault([new, old]).open(sealed) == "token"
    with pytest.raises(VaultError):
        Vault([new]).open(sealed)


@pytest.mark.parametrize(
    ("content", "kind"),
    [
        (b"\x89PNG\r\n\x1a\n...", "image/png"),
        (b"\xff\xd8\xff\xe0", "image/jpeg"),
        (b"RIFF....WEBPVP8", "image/webp"),
        (b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'>", None),
        (b"<html><script>", None),
        (b"", None),
    ],
)
def test_only_harmless_pictures_are_shown(content: bytes, kind: str | None) -> None:
    assert shown_as(content) == kind


def test_the_backoff_grows_and_has_an_end() -> None:
    assert backoff(1).total_seconds() <= 2
    assert 150 <= backoff(20).total_seconds() <= 300
