"""How fast automatic messages are decided, and how soon a page foretells them."""

import json
import subprocess
import sys

from bench.alone import alone
from bench.diary import COUNT, ROWS

# The floor writes two rows. The dispatcher locks a row, reads what the decision needs, fills in the
# business's words, begins the conversation and counts.
GOAL = 1000
# As often as long as without any: with a few statements for each row it would be far more.
MOST_TIMES = 20


def measure() -> list[dict[str, object]]:
    """Both in a process of its own, on servers of its own."""
    with alone() as here:
        diary = (sys.executable, "-m", "bench.diary")
        done = subprocess.run(diary, env=here.env(), stdout=subprocess.PIPE, check=True)
    told = json.loads(done.stdout.splitlines()[-1])
    return [_dispatched(*told["dispatched"]), _foretold(*told["foretold"])]


def _dispatched(ours: float, floor: float) -> dict[str, object]:
    return {
        "name": f"{COUNT} notifications dispatched",
        "ours": round(ours),
        "floor": round(floor),
        "unit": "a second",
        "ratio": round(ours / floor, 2),
        "goal": f"at least {GOAL} a second",
        "holds": ours >= GOAL,
    }


def _foretold(ours: float, floor: float) -> dict[str, object]:
    return {
        "name": f"Scheduled messages with {ROWS} messages",
        "ours": round(ours, 2),
        "floor": round(floor, 2),
        "unit": "seconds, the median; the floor is the page without any",
        "ratio": round(ours / floor, 2),
        "goal": f"at most {MOST_TIMES} times as long as without any",
        "holds": ours / floor <= MOST_TIMES,
    }
