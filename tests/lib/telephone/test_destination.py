"""Where a number is, and which ones cost more than others."""

import pytest

from app.lib.telephone.destination import place, within
from app.lib.telephone.phone import can_be_texted


@pytest.mark.parametrize(
    ("address", "region"),
    [
        ("+12125550142", "US"),
        ("+18005551234", "US"),
        ("+17875551234", "PR"),
        ("+13405551234", "VI"),
        ("+14165550123", "CA"),
        ("+18765551234", "JM"),
        ("+491701234567", "DE"),
        ("+498001234567", "DE"),
        ("+447624123456", "IM"),
        ("+77011234567", "KZ"),
        ("BR.1234567890", "BR"),
        # An area code that is newer than the tables.
        ("+15558675310", "US"),
    ],
)
def test_an_ordinary_number_is_in_one_region(address: str, region: str) -> None:
    assert (place(address).region, place(address).costly) == (region, "")


@pytest.mark.parametrize(
    "address",
    [
        "+881612345678",
        "+883510012345678",
        "+870773111632",
        "+8781012345678",
        "+979123456789",
        "+80012345678",
        "+80812345678",
        "+19005551234",
        "+19001234567",
        "+15215551234",
        "+447012345678",
        "+449091234567",
        "+491801234567",
        "+491371234567",
        # A premium-rate number with a digit too many.
        "+4990012345678",
        "+4413712345",
        "+247123456",
        "12345",
        "anonymous",
        "",
    ],
)
def test_what_may_cost_more_is_no_ordinary_number_and_gets_no_automatic_text(address: str) -> None:
    assert place(address).costly
    assert not can_be_texted(address)


def test_the_united_states_are_one_with_their_territories_and_not_with_their_neighbours() -> None:
    assert within(["US"]) == within(["PR"]) == {"US", "PR", "VI", "GU", "AS", "MP"}
    assert within(["DE", "AT"]) == {"DE", "AT"}
    assert "CA" not in within(["US"])
