"""The guards that `make faults MUTATIONS=1` takes away are where it looks for them."""

import subprocess
import sys

ALL = "from faults.mutations import MUTATIONS\nfor take_away in MUTATIONS.values(): take_away()"


def test_every_guard_can_be_taken_away() -> None:
    """In a process of its own, which is without guards from then on."""
    done = subprocess.run([sys.executable, "-c", ALL], capture_output=True, text=True, timeout=60)
    assert done.returncode == 0, done.stderr
