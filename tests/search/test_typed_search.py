"""What somebody types is taken apart as they mean it."""

from datetime import date

import pytest

from app.search.typed_search import TypedSearch, typed

TODAY = date(2026, 11, 18)


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("  lemon   tea ", TypedSearch("lemon tea")),
        ("from:ann lemon", TypedSearch("lemon", sender="ann")),
        ('FROM: "Ann Becker" tea', TypedSearch("tea", sender="Ann Becker")),
        ("label:VIP channel:sms", TypedSearch(label="VIP", channel="sms")),
        ("tea after:2026-11-01", TypedSearch("tea", after=date(2026, 11, 1))),
        ("tea before:2026-02", TypedSearch("tea", before=date(2026, 2, 1))),
        ("before:yesterday", TypedSearch(before=date(2026, 11, 17))),
        ('“lemon tea” hot "not closed', TypedSearch("hot", ("lemon tea", "not closed"))),
        # No filter of ours: it is looked for as it stands.
        ("https://a.example re:tea 12:30", TypedSearch("https://a.example re:tea 12:30")),
        ('"" from:', TypedSearch("from:")),
    ],
)
def test_words_phrases_and_filters(text: str, wanted: TypedSearch) -> None:
    assert typed(text, TODAY) == wanted


def test_a_day_that_is_none_is_said_to_be_none_and_how_to_write_one() -> None:
    for no_day in ("soon", "2026-13-01", "2026-02-30", "31.12.2026"):
        search = typed(f"tea before:{no_day}", TODAY)
        assert search.text == "tea" and search.before is None
        assert search.unclear == (f"“before:{no_day}” is no day. Write it as before:2026-11-18.",)
