"""A small dose of `make faults`, and the proof that it would notice."""

import json
import os
import subprocess
import sys
from functools import cache
from pathlib import Path
from typing import Any

PROJECT = Path(__file__).parents[2]
# The quickest: `make faults MUTATIONS=1` tries all, and waits for leases to end.
GUARDS = ("sid_key",)


def run(*command: str, **environ: str) -> "subprocess.CompletedProcess[str]":
    env = {**os.environ, **environ}
    return subprocess.run(
        [sys.executable, "-m", *command],
        cwd=PROJECT,
        env=env,
        capture_output=True,
        text=True,
        timeout=150,
        check=False,
    )


def test_nothing_is_lost_or_doubled_while_everything_is_killed() -> None:
    # Bounded at 60 s for a busy machine; it takes about 20.
    done = run("faults", FAULTS_QUICK="1", KILLS="20", MESSAGES="150", SECONDS="60", SEED="1")
    assert done.returncode == 0, done.stdout + done.stderr
    counts = json.loads(done.stdout.splitlines()[-1])
    assert (counts["lost"], counts["doubled"], counts["stuck"]) == (0, 0, 0)
    # What was asked for (20 and 150) needs about 20 s; a machine on which other tests run beside it
    # is stopped by the 60 s before that. These say that it was a run at all: how many kills and
    # messages the promise is held for, `make faults` tells.
    assert counts["kills"] > 5
    assert counts["accepted"] > 20
    assert counts["webhooks"] > 0
    assert counts["notifications"]["sent"] > 0


@cache
def without_guards() -> dict[str, Any]:
    """What each run found whose guard was taken away."""
    done = run("faults.mutants", *GUARDS)
    lines = [line for line in done.stdout.splitlines() if line.startswith("{")]
    assert len(lines) == len(GUARDS), done.stdout + done.stderr
    return {found["mutation"]: found for found in map(json.loads, lines)}


def test_without_the_unique_sid_a_message_is_doubled() -> None:
    assert without_guards()["sid_key"]["doubled"] > 0
