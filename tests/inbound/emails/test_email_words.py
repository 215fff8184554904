"""Who unsubscribes by an email, and what only looks like it."""

import pytest
from sqlalchemy import select

from app.extensions import db
from app.models import Conversation, OptOut
from app.tenancy import tenant_scope, unscoped
from tests.support.email_in import post, written
from tests.support.world import Business

ANN = "ann@salon.test"
HISTORY = "\n\nOn Wed, Nov 18, 2026 at 9:00 AM Bella <a@b.example> wrote:\n> {}"


def stops() -> list[tuple[int, str, str]]:
    with unscoped("tests"):
        query = select(OptOut.tenant_id, OptOut.channel, OptOut.address)
        return [tuple(row) for row in db.session.execute(query)]


@pytest.mark.parametrize(
    ("subject", "text"),
    [
        ("Re: Your appointment", "Unsubscribe\n\nSent from my iPhone"),
        ("Re: Your appointment", "\n STOP!\n\nAnn Lee\nLee & Sons"),
        ("Re: Your appointment", "Opt-out" + HISTORY.format("See you")),
        ("Unsubscribe", "Sent from my iPhone"),
        ("unsubscribe.", "This message was made by your mail program."),
        ("Re: Hi", "Baja\n\nAnn"),
    ],
)
def test_the_first_line_and_the_subject_end_our_emails(
    salon: Business, garage: Business, subject: str, text: str
) -> None:
    post(salon, written(text, Subject=subject, From=ANN))
    assert stops() == [(salon.id, "email", ANN)]


@pytest.mark.parametrize(
    ("subject", "text"),
    [
        ("Re: Hi", "See you then" + HISTORY.format("Unsubscribe")),
        ("Re: Unsubscribe", "See you then"),
        ("Cancel", "I cannot come at ten"),
        ("Hi", "Cancel\n\nI cannot come at ten"),
        ("Hi", "End\nof the week is better"),
        ("Hi", "Is this where I\nunsubscribe"),
        ("Hi", "See you then\n\nUnsubscribe: https://lee.example/news"),
        ("Start", "with the cut, please"),
    ],
)
def test_what_says_something_else_ends_nothing(salon: Business, subject: str, text: str) -> None:
    post(salon, written(text, Subject=subject, From=ANN))
    assert stops() == []


def test_a_sentence_that_asks_for_no_more_waits_for_a_person(salon: Business) -> None:
    post(salon, written("Please stop emailing me, thanks.", From=ANN))
    assert stops() == []
    with tenant_scope(salon.id):
        assert db.session.scalars(select(Conversation.stop_asked_id)).one() is not None


@pytest.mark.parametrize(
    "below",
    [
        "Unsubscribe (https://kaivox.example/unsubscribe/gAAA)",
        "Unsubscribe\n(https://kaivox.example/unsubscribe/gAAA)",
        "Unsubscribe<https://nam02.example/?url=https%3A%2F%2Fkaivox.example%2Funsubscribe%2FgAAA>",
        "> Unsubscribe",
    ],
)
def test_our_own_line_asks_nothing_wherever_a_program_puts_it(salon: Business, below: str) -> None:
    post(salon, written(f"See you then\n\nAlguien escribía:\nHello\n{below}", From=ANN))
    with tenant_scope(salon.id):
        assert db.session.scalars(select(Conversation.stop_asked_id)).one() is None


def test_a_machine_ends_nothing(salon: Business) -> None:
    post(salon, written("Unsubscribe", From=ANN, Auto_Submitted="auto-replied"))
    assert stops() == []
