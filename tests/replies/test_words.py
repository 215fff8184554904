"""What customers answer is understood, or left to a person; never misunderstood."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.models import Answer
from app.notifications.languages import LANGUAGES as SPOKEN
from app.replies.languages import LANGUAGES
from app.replies.words import read

CLEAR = (Answer.CONFIRM, Answer.CANCEL, Answer.LATE)
PHRASES = [
    (phrase, answer)
    for language in LANGUAGES.values()
    for table in (language.phrases, language.alone)
    for answer, phrases in table.items()
    for phrase in phrases
]
SAYINGS = {
    Answer.CONFIRM: (
        *(
            "Y",
            "y.",
            "Yes!",
            " yes\n",
            "YESSS",
            "1",
            "C",
            "ok",
            "OK 👍",
            "👍🏽",
            "Yes, I’ll be there",
        ),
        *("Ok, see you tomorrow!", "No problem", "sí", "Sí, confirmo", "Vale, gracias", "CONFIRMO"),
        *(
            "Y thanks",
            "1, please!",
            "Y 🙏",
            "S, gracias",
            "Yess",
            "Buenas tardes, confirmo mi cita.",
            "Hi! Confirmed, thank you 🙏",
            "perfect",
        ),
    ),
    Answer.CANCEL: (
        *(
            "N",
            "N, sorry",
            "no",
            "No.",
            "2",
            "Sorry, no",
            "cancel please",
            "Please cancel my appointment",
        ),
        *("Can't make it", "can´t make it, sorry", "I can’t make it tomorrow", "No puedo", "👎"),
        *(
            "cancelar",
            "No puedo ir, cancelen por favor",
            "Hola, quisiera cancelar mi cita, gracias",
        ),
    ),
    Answer.LATE: (
        *("running late", "Sorry, I'm running 10 minutes late!", "ok, running late", "Llego tarde"),
        *("Perdón, voy a llegar un poco tarde", "I'll be 5 min late", "voy con retraso"),
    ),
    Answer.UNCLEAR: (
        *(
            "no, voy",
            "no, I'll be there",
            "don't cancel",
            "No cancel",
            "no puedo cancelar",
            "Cancel? No",
        ),
        *("yes but can I move it?", "yes, can't make it", "no, tomorrow", "can we reschedule"),
        *("not running late", "no llego tarde", "¿puedo cambiar la hora?", "I won't be late"),
        *("Y Maria", "2 people", "1 or 2?", "nope, John", "cancelled", "I have canceled"),
        *("Sí, pero más tarde", "cancel or confirm", "yes?", "x" * 201, "yes " * 13),
    ),
    Answer.NONE: (
        *("", "thanks", "Gracias!", "Thanks x", "Thanks, N", "What's your address?", "STOP"),
        *("HELP", "START", "none", "unclear", "🐈", "Do you take cards?"),
    ),
}


@pytest.mark.parametrize(
    ("text", "answer"), [(text, answer) for answer, texts in SAYINGS.items() for text in texts]
)
def test_a_text_means(text: str, answer: Answer) -> None:
    assert read(text) is answer


@given(
    st.sampled_from(PHRASES),
    st.sampled_from(["please", "por favor", "thank you", "Gracias", "sorry"]),
    st.text(" .,!;-…\n", max_size=5),
)
def test_case_marks_and_courtesy_change_no_meaning(
    phrase: tuple[str, Answer], courtesy: str, marks: str
) -> None:
    text, answer = phrase
    assert read(f"{marks}{text.upper()}{marks}") is answer
    if len(text) > 1 or not text.isalnum():
        assert read(f"{courtesy}, {text}{marks}") is answer


@given(st.lists(st.sampled_from(PHRASES), min_size=1, max_size=3), st.integers(0, 3))
def test_a_word_that_nobody_knows_makes_nothing_happen(
    phrases: list[tuple[str, Answer]], place: int
) -> None:
    texts = [text for text, _ in phrases]
    texts.insert(place, "zebra")
    assert read(" ".join(texts)) not in CLEAR


@given(st.lists(st.sampled_from(PHRASES), min_size=2, max_size=3))
def test_what_contradicts_itself_neither_confirms_nor_cancels(
    phrases: list[tuple[str, Answer]],
) -> None:
    meant = {answer for _, answer in phrases}
    if {Answer.CONFIRM, Answer.CANCEL} <= meant or {Answer.LATE, Answer.CANCEL} <= meant:
        assert read(", ".join(text for text, _ in phrases)) in (Answer.UNCLEAR, Answer.NONE)


@given(st.text())
def test_every_text_can_be_read(text: str) -> None:
    assert read(text) in Answer


def test_whoever_is_written_to_in_a_language_is_answered_in_it() -> None:
    assert LANGUAGES.keys() == SPOKEN.keys()
