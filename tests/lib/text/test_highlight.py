"""Found words are marked where they stand, as they stand."""

from app.lib.text.highlight import Piece, excerpt


def _shown(text: str, *words: str) -> str:
    return "".join(f"[{p.text}]" if p.marked else p.text for p in excerpt(text, words))


def test_words_are_marked_however_they_are_written() -> None:
    assert _shown("Un CAFÉ, o’brien", "cafe", "obrien") == "Un [CAFÉ], [o’brien]"
    assert _shown("Cafe\u0301s and decaf", "cafe") == "[Cafe\u0301s] and decaf"
    assert _shown("Straße\n  eins", "strass") == "[Straße] eins"
    assert _shown("Nothing of it", "tea") == "Nothing of it"
    assert _shown("<b>tea</b> & more", "tea") == "<b>[tea]</b> & more"


def test_of_a_long_text_the_part_about_the_first_of_them_is_shown() -> None:
    text = "word " * 100 + "lemon " + "more " * 100
    shown = excerpt(text, ["lemon"])
    assert Piece("lemon", marked=True) in shown
    assert shown[0].text == shown[-1].text == "…"
    assert sum(len(piece.text) for piece in shown) <= 182
