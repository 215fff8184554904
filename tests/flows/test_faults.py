"""A small dose of `make faults`, and the proof that it would notice."""

import json
from collections.abc import Iterator

import pytest

from faults import mutants
from faults.__main__ import report
from faults.dose import from_environment
from faults.run import play
from faults.stage import OneMachine, set_up

# 14 kills and 110 messages need about 12 s; bounded at 60 s for a busy machine.
SMALL = {"FAULTS_QUICK": "1", "KILLS": "14", "MESSAGES": "110", "SECONDS": "60", "SEED": "1"}


@pytest.fixture(scope="module")
def stage() -> Iterator[OneMachine]:
    """Built once: each run plays on a copy of its town."""
    with set_up() as stage:
        yield stage


def test_nothing_is_lost_or_doubled_while_everything_is_killed(
    stage: OneMachine, capsys: pytest.CaptureFixture[str]
) -> None:
    mutants.on_a_copy(stage, "killed")
    dose, said = from_environment(SMALL), list[str]()
    verdict, counts = play(stage, dose, said.append)
    assert report(dose, verdict, counts, said.append) == 0, said
    counts = json.loads(capsys.readouterr().out.splitlines()[-1])
    assert (counts["lost"], counts["doubled"], counts["stuck"]) == (0, 0, 0)
    # What was asked for needs about 12 s; a machine on which other tests run beside it is stopped
    # by the 60 s before that. These say that it was a run at all: how many kills and messages the
    # promise is held for, `make faults` tells.
    assert counts["kills"] > 5
    assert counts["accepted"] > 20
    assert counts["webhooks"] > 0
    assert counts["notifications"]["sent"] > 0


def test_without_the_unique_sid_a_message_is_doubled(stage: OneMachine) -> None:
    """The quickest guard: `make faults MUTATIONS=1` tries all, and waits for leases to end."""
    mutants.on_a_copy(stage, "without_sid_key")
    verdict, _ = play(stage, mutants.dose("sid_key", "sid_key"), lambda said: None)
    assert verdict.doubled > 0
