"""A curly quote must not triple the price of a text."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.lib.text import segments
from app.lib.text.homoglyphs import gsm, plain


@pytest.mark.parametrize(
    ("written", "sent"),
    [
        (
            "It\u2019s \u201cready\u201d \u2013 see you\u00a0soon\u2026",
            'It\'s "ready" - see you soon...',
        ),
        ("Plain text stays", "Plain text stays"),
        # An emoji needs UCS-2 anyway, so nothing is gained and nothing touched.
        ("It\u2019s ready \U0001f60a", "It\u2019s ready \U0001f60a"),
        ("Grüße, señora, 10 €", "Grüße, señora, 10 €"),
        ("Привет \u2013 мир", "Привет \u2013 мир"),
    ],
)
def test_look_alikes_are_replaced_where_that_is_cheaper(written: str, sent: str) -> None:
    assert plain(written) == sent


@given(st.text(max_size=200))
def test_it_never_gets_dearer(body: str) -> None:
    assert segments.count(plain(body)).count <= segments.count(body).count


def test_letters_that_sms_does_not_know_become_their_bare_ones() -> None:
    assert gsm("sáb, 5 août") == "sab, 5 aout"
    assert gsm("Käse, mañana, é, 😀") == "Käse, mañana, é, 😀"
