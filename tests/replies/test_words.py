"""What customers answer is understood, or left to a person; never misunderstood."""

from datetime import date, timedelta

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from app.models import Answer
from app.notifications.content.template_languages import LANGUAGES as SPOKEN
from app.replies.languages import LANGUAGES
from app.replies.words import fits, read

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
        *("will be there", "Sure thing!", "I will be there 👍"),
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
        *(
            "No puedo ir mañana",
            "no podré ir el lunes",
            "I won't make it on Monday",
            "I can’t today",
        ),
        *("No puedo ir hoy", "No puedo mañana", "El martes no puedo ir", "Tomorrow I can't come"),
        *("Sorry, I won’t be able to make it this afternoon", "Can't make it Friday morning"),
        *("no podremos asistir mañana por la tarde", "I need to cancel my appointment on Friday"),
    ),
    Answer.LATE: (
        *("running late", "Sorry, I'm running 10 minutes late!", "ok, running late", "Llego tarde"),
        *("Perdón, voy a llegar un poco tarde", "I'll be 5 min late", "voy con retraso"),
        *("gonna be 10 late", "be there in 10", "I'll be there in about 15 min", "llego en 10"),
        *(
            "Stuck in traffic, 20 minutes",
            "Im gonna be late today",
            "5 mins late",
            "En 10 min llego",
        ),
    ),
    Answer.MAY_CANCEL: (
        *("Need to cancel, kid is sick", "No puedo ir, mi hijo está enfermo", "Can I cancel?"),
        *("I can't make it because the car broke down", "No puedo, estoy de viaje"),
        *("I won't make it on Monday, something came up at work and I must stay the whole day",),
    ),
    Answer.MAY_BE_LATE: (*("Running late, the bus broke down", "Voy tarde, se rompió el autobús"),),
    Answer.MOVE: (
        *(
            "can we reschedule",
            "Can we reschedule?",
            "Can we do another day?",
            "necesito otro día",
            "¿puedo cambiar la hora?",
            "Reschedule please",
        ),
        *(
            "I can't make it, can we reschedule to Tuesday?",
            "Can't come tomorrow, need to reschedule",
        ),
        *("Hi Bella, I am so sorry but I need to move my appointment, something came up at work",),
        *("Hola, quisiera cambiar mi cita para el martes", "No puedo ir, ¿podemos cambiar el día?"),
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
        *("yes but can I move it?", "yes, can't make it", "no, tomorrow"),
        *("not running late", "no llego tarde", "I won't be late", "won't be late"),
        *("I can't wait to see you on Monday", "I need to cancel my gym, see you then"),
        *("I can't make Monday but Tuesday works", "We don't need to reschedule", "no, manana"),
        *("I can't come Monday, see you Tuesday", "No puedo llegar tarde", "be there in 2 days"),
        *(
            "cancel, no wait, running late",
            "They had to reschedule my flight",
            "I will be there on Monday",
            "can't cancel my gym today",
        ),
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


# A letter behind it may be a signature: a person is told what it may be.
@example([("cancel", Answer.CANCEL), ("y", Answer.CONFIRM)])
@given(st.lists(st.sampled_from(PHRASES), min_size=2, max_size=3))
def test_what_contradicts_itself_neither_confirms_nor_cancels(
    phrases: list[tuple[str, Answer]],
) -> None:
    meant = {answer for _, answer in phrases}
    if {Answer.CONFIRM, Answer.CANCEL} <= meant or {Answer.LATE, Answer.CANCEL} <= meant:
        assert read(", ".join(text for text, _ in phrases)) not in CLEAR


@given(st.text())
def test_every_text_can_be_read(text: str) -> None:
    assert read(text) in Answer


def test_whoever_is_written_to_in_a_language_is_answered_in_it() -> None:
    assert LANGUAGES.keys() == SPOKEN.keys()


SUNDAY, MONDAY, TUESDAY = date(2026, 11, 15), date(2026, 11, 16), date(2026, 11, 17)


@pytest.mark.parametrize(
    ("text", "wrote", "meant", "fitting"),
    [
        ("I won't make it on Monday", SUNDAY, MONDAY, True),
        ("I won't make it on Monday", SUNDAY, TUESDAY, False),
        ("I won't make it on Monday", SUNDAY, MONDAY + timedelta(days=14), False),
        ("No puedo ir mañana por la mañana", MONDAY, TUESDAY, True),
        ("No puedo ir mañana", SUNDAY, TUESDAY, False),
        ("no podré ir el lunes", SUNDAY, MONDAY, True),
        ("no puedo hoy", MONDAY, MONDAY, True),
        ("No puedo ir esta tarde", SUNDAY, MONDAY, False),
        ("I can’t make it tomorrow, Monday", SUNDAY, MONDAY, True),
        ("cancel please", SUNDAY, TUESDAY, True),
    ],
)
def test_a_day_that_is_named_is_the_one_that_is_meant_or_another(
    text: str, wrote: date, meant: date, fitting: bool
) -> None:
    assert fits(text, wrote, meant) is fitting
