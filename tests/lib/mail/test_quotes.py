"""Answers as mail programs write them in the languages of the customers: above, below, unmarked."""

import time

import pytest

from app.lib.mail.quotes import own_words

WHO = "Bella <hello@bella.example>"
LONG = "<reply+0123456789abcdef0123456789abcdef.abcdefghijklmnop@salon.in.kaivox.example>"
INTROS = (
    f"On Wed, Nov 18, 2026 at 12:00 PM {WHO} wrote:",
    f"On Wed, Nov 18, 2026 at 12:00 PM Bella and a long name\n{LONG}\nwrote:",
    f"On Wed, Nov 18, 2026 at 12:00 PM Bella\n<\n{LONG[1:]}\nwrote:",
    f"Am Mi., 18. Nov. 2026 um 12:00 Uhr schrieb {WHO}:",
    f"Le mer. 18 nov. 2026 à 12:00, {WHO} a\nécrit :",
    f"Le mer. 18 nov. 2026 à 12:00, {WHO} a écrit\xa0:",
    f"El mié, 18 nov 2026 a las 12:00, {WHO}\nescribió:",
    f"Em qua., 18 de nov. de 2026 às 12:00, {WHO}\nescreveu:",
    f"{WHO} escreveu (quarta, 18/11/2026 à(s) 12:00):",
    f"> No dia 18/11/2026, às 12:00, {WHO} escreveu:",
    f"Il giorno mer 18 nov 2026 alle ore 12:00 {WHO}\nha scritto:",
    f"> Il giorno 18 nov 2026, alle ore 12:00, {WHO} ha scritto:",
    f"Op wo 18 nov 2026 om 12:00 schreef {WHO}:",
)
HEADS = (
    ("From", "Sent", "To", "Subject"),
    ("*From", "*Sent", "*To", "*Subject"),
    ("Von", "Gesendet", "An", "Betreff"),
    ("Gesendet", "Von", "An", "Betreff"),
    ("De ", "Envoyé ", "À ", "Objet "),
    ("De", "Enviado", "Para", "Asunto"),
    ("De", "Enviado el", "Para", "Asunto"),
    ("De", "Enviada", "Para", "Assunto"),
    ("Da", "Inviato", "A", "Oggetto"),
    ("Da", "Data", "A", "Oggetto"),
    ("Van", "Verzonden", "Aan", "Onderwerp"),
)
QUOTED = "> Is ten fine?\n> Reply C to cancel\n"


@pytest.mark.parametrize("intro", INTROS)
def test_what_stands_above_a_quotation_is_theirs(intro: str) -> None:
    assert own_words(f"Yes\n\n{intro}\n\n{QUOTED}") == "Yes"


@pytest.mark.parametrize("intro", INTROS)
def test_what_stands_below_a_quotation_is_theirs_where_nothing_does_above(intro: str) -> None:
    assert own_words(f"{intro}\n\n{QUOTED}\nYes\n") == "Yes"


@pytest.mark.parametrize("names", HEADS)
@pytest.mark.parametrize("rule", ["", "________________________________\n"])
def test_the_head_of_a_quoted_email_begins_it(names: tuple[str, ...], rule: str) -> None:
    head = "\n".join(f"{name}: {WHO}" for name in names)
    assert own_words(f"Yes\n\n{rule}{head}\n\nReply C to cancel\n") == "Yes"


def test_yahoo_quotes_without_marks_behind_the_intro() -> None:
    intro = "  On Wed, Nov 18, 2026 at 12:00, Bella<hello@bella.example> wrote:   Is ten fine?"
    assert own_words(f"Yes\n \n{intro}\nReply C to cancel") == "Yes"


@pytest.mark.parametrize(
    "text",
    [
        "Hi,\nFrom: Monday on\nTo: Friday\nI am free",
        "On Friday Bella wrote: come at 10.",
        "Le 5 mai, ça va ?\nSubject: colour",
        "From 9 to 5\nDate: Monday",
    ],
)
def test_what_only_looks_like_it_is_kept(text: str) -> None:
    assert own_words(text) == text


@pytest.mark.parametrize(
    "line", ["<@" * 240, "On 1", "From: a", "Sent: a\nFrom: b", "On 1 <a@b> " * 40, "_" * 9, ""]
)
def test_nothing_hostile_costs_a_second(line: str) -> None:
    begin = time.monotonic()
    own_words(f"{line}\n" * (500_000 // (len(line) + 1)))
    assert time.monotonic() - begin < 2
