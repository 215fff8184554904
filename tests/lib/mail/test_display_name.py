"""Names beside addresses; tests/providers/test_smtp.py has those of businesses."""

import time

import pytest

from app.lib.mail.display_name import display_name, strangers_name
from app.providers.inbound_email.head import head_of, sender


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("Ann Lee", "Ann Lee"),
        ("J.Smith", "J.Smith"),
        ("john.smith", "john.smith"),
        ("Dr. A. Lee, M.D.", "Dr. A. Lee, M.D."),
        ("Ann/Bob", "Ann/Bob"),
        ("Your parcel waits: https://evil.example/x", "Your parcel waits"),
        ("Log in at www.evil.example now", "Log in at now"),
        ("Pay evil.example/x", "Pay"),
        ("Pay at evil.com", "Pay at"),
        ("ｈｔｔｐｓ：／／evil.example", ""),
        ("javascript:alert(1)", "javascript:alert(1)"),
        ("ann@evil.example https://evil.example", ""),
    ],
)
def test_a_strangers_name_leads_nowhere(name: str, shown: str) -> None:
    assert strangers_name(name) == shown


def test_a_business_may_be_called_as_its_address() -> None:
    assert display_name("Bella.com") == "Bella.com"


@pytest.mark.parametrize("unit", ["a.", "a", ":/", "www.", ".com", "-.a"])
def test_no_name_takes_long(unit: str) -> None:
    begun = time.process_time()
    strangers_name((unit * 2000)[:2000])
    assert time.process_time() - begun < 0.3


def test_an_email_names_its_sender_without_links() -> None:
    named = head_of([("From", '"Your parcel: https://evil.example/x" <ann@mail.example>')])
    assert sender(named) == ("Your parcel", "ann@mail.example")
