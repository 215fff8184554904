"""Reactions that come as a text, and texts that only look like one."""

import pytest

from app.lib.text.places import place, shared
from app.lib.text.tapbacks import tapback


@pytest.mark.parametrize(
    ("body", "sign", "about"),
    [
        ("Liked “See you at 2”", "👍", "See you at 2"),
        ("Loved “Hello\nthere”", "❤️", "Hello\nthere"),
        ("Emphasized an image", "‼️", ""),
        ("🎉 to “See you at 2”", "🎉", "See you at 2"),
        ("\u200a👍🏽 to “See you”", "👍🏽", "See you"),
    ],
)
def test_a_reaction_is_known_by_its_form(body: str, sign: str, about: str) -> None:
    found = tapback(body)
    assert found and (found.sign, found.about) == (sign, about)


@pytest.mark.parametrize(
    "body", ["Liked it", "Loved “", "I Liked “See you”", "go to “Leo”", "Loved an idea", "", "👍"]
)
def test_what_a_person_writes_is_none(body: str) -> None:
    assert tapback(body) is None


def test_a_place_is_read_as_it_was_written_and_no_other_link_is_one() -> None:
    written = shared(["Bella's Salon", "1 Main St"], "-23.55", "46.6")
    found = place(written)
    assert found and found.named == ["Bella's Salon", "1 Main St"]
    assert found.url == "https://maps.google.com/?q=-23.55,46.6"
    assert place(shared([], "1", "2<script>")) is None
    assert place("Shared a location\nhttps://evil.test/?q=1,2") is None
    assert place("Hello\nhttps://maps.google.com/?q=1,2") is None
