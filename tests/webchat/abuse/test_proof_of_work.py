"""A challenge is solved by counting, holds for one business and for minutes, and cannot be made."""

from datetime import timedelta

import pytest

from app.webchat.abuse import proof_of_work
from app.webchat.abuse.proof_of_work import LASTS, challenge, proven
from tests.support.visitors import proof_of
from tests.support.world import NOON

OLD, NEW = "an-old-key", "a-new-key"
SALON, GARAGE = 1, 2


@pytest.fixture(autouse=True)
def soon_found(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(proof_of_work, "MOST", 50)


def test_the_number_that_is_found_proves_it_to_that_business_and_in_time() -> None:
    asked = challenge(SALON, [OLD], NOON)
    proof = proof_of(asked._asdict())
    assert proven(proof, SALON, [OLD], NOON) == asked.salt
    # What was signed by a key of before is known, as with every key that is exchanged.
    assert proven(proof, SALON, [OLD, NEW], NOON + LASTS - timedelta(seconds=1)) == asked.salt
    assert proven(proof, SALON, [OLD], NOON + LASTS) is None
    assert proven(proof, GARAGE, [OLD], NOON) is None
    assert proven(proof, SALON, [NEW], NOON) is None


def test_what_is_no_proof_is_none() -> None:
    asked = challenge(SALON, [NEW], NOON)
    number = proof_of(asked._asdict()).partition(".")[0]
    wrong = str(int(number) + 1)
    for proof in (
        *("", ".", number, f"{number}.", f"{number}.x", f".{asked.token}", f"-1.{asked.token}"),
        *(f"{wrong}.{asked.token}", f"{number}.{asked.token[:-1]}", f"٣.{asked.token}"),
        *(f"{number}.{asked.token}x", f"{'9' * 5000}.{asked.token}"),
    ):
        assert proven(proof, SALON, [NEW], NOON) is None, proof
