import pytest

from app.lib.text.languages import NoLanguage, language_code


@pytest.mark.parametrize(
    "text",
    [
        "es",
        "ES",
        "es-MX",
        "es_us",
        "Spanish",
        "Español",
        "spa",
        " espanol ",
        "Spanish (Mexico)",
        "es,en",
    ],
)
def test_a_language_is_known_by_its_codes_and_names(text: str) -> None:
    assert language_code(text) == "es"


@pytest.mark.parametrize("text", ["klingon", "xx", "", "1", "es " * 99])
def test_what_nobody_speaks_is_no_language(text: str) -> None:
    with pytest.raises(NoLanguage):
        language_code(text)
