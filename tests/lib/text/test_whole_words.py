import pytest

from app.lib.text.whole_words import contains, folded


@pytest.mark.parametrize(
    ("text", "word"),
    [
        ("What is the PRICE?", "price"),
        ("price", "Price"),
        ("the price, please", "price"),
        ("¿Cuál es el precio?", "PRECIO"),
        ("¿Qué día?", "que dia"),
        ("un café", "cafe"),
        ("un cafe\u0301", "café"),
        ("STRASSE 5", "Straße"),
        ("l’été", "l'ete"),
        ("l'été", "été"),
        ("how   much\nis it", "how much is"),
        ("fıyat ne kadar", "FIYAT"),
        ("Σίγμας", "ΣΊΓΜΑΣ"),
        ("this costs 40€?", "40€"),
        ("C++ lessons", "C++"),
        ("👍🏽 great", "👍"),
        ("I ❤️ it", "❤"),
        ("I ❤ it", "❤️"),
        ("👩‍👧 both", "👩‍👧"),
        ("请问价格是多少", "价格"),
        ("料金はいくらですか", "料金"),
        ("가격이 얼마예요", "가격"),
        ("ราคาเท่าไหร่", "ราคา"),
        ("\u200bpri\u00adce", "price"),
        ("e-mail me", "mail"),
        ("कीमत क्या है", "कीमत"),
        ("שָׁלוֹם", "שלום"),
    ],
)
def test_a_word_is_found_whatever_its_case_and_accents(text: str, word: str) -> None:
    assert contains(folded(text), word)


@pytest.mark.parametrize(
    ("text", "word"),
    [
        ("the prices", "price"),
        ("caprice", "price"),
        ("reprice it", "price"),
        ("price_list", "price"),
        ("140 it is", "40"),
        ("か", "が"),
        ("각", "가"),
        ("कल", "कुल"),
        ("anything", ""),
        ("anything", " \u200b "),
        ("a.c", "abc"),
        ("abc", "a.c"),
        ("", "word"),
    ],
)
def test_a_part_of_a_word_is_not_the_word(text: str, word: str) -> None:
    assert not contains(folded(text), word)


def test_a_long_hostile_text_takes_no_time() -> None:
    assert not contains(folded("a" * 100_000 + "\u0301" * 100_000), "a" * 50 + "b")
