"""`python -m faults`, which `make faults` calls: human lines, and one of JSON at the end."""

import json
import sys
import time
from collections.abc import Callable

from faults.dose import Dose, from_environment
from faults.run import play
from faults.stage import Hangs, set_up
from faults.verdict import Verdict


def main() -> int:
    dose, say = from_environment(), speaker()
    trouble = f"{dose.restarts} rolling restarts" if dose.restarts else f"{dose.kills} kills"
    say(f"{trouble} and {dose.messages} messages of staff, seed {dose.seed}")
    try:
        with set_up() as stage:
            verdict, counts = play(stage, dose, say)
            if not verdict.holds:
                stage.keep = True
                say(f"the logs stay in {stage.folder}")
    except Hangs as hangs:
        say(f"it hangs: {hangs}")
        print(json.dumps({"hangs": str(hangs), "kills": 0, "accepted": 0, "lost": 0, "doubled": 0}))
        return 1
    return report(dose, verdict, counts, say)


def report(
    dose: Dose, verdict: Verdict, counts: dict[str, object], say: Callable[[str], None]
) -> int:
    """Say what came out; the exit code."""
    for note in verdict.notes:
        say(note)
    say("every promise held" if verdict.holds else "A PROMISE WAS BROKEN")
    complete = (counts["kills"], counts["restarts"]) == (dose.kills, dose.restarts)
    print(json.dumps({**counts, **verdict.json(), "seed": dose.seed, "complete": complete}))
    return 0 if verdict.holds else 1


def speaker() -> Callable[[str], None]:
    begin = time.monotonic()

    def say(what: str) -> None:
        print(f"{time.monotonic() - begin:6.1f} s  {what}", flush=True)

    return say


if __name__ == "__main__":
    sys.exit(main())
