"""`python -m cluster`, which `make cluster` calls: human lines, and one of JSON at the end."""

import json
import os
import signal
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import psycopg

from app.servers.server_errors import ServerError
from cluster.run import play
from cluster.set_up import set_up
from cluster.troubles import KINDS, Trouble
from faults.__main__ import speaker
from faults.dose import Dose, steady
from faults.stage import Hangs
from faults.verdict import Verdict

MESSAGES_A_SECOND = 8
# Traffic ends a little before its time is over (faults/traffic.py): nothing is to strike after it.
FLOWING = 0.95


@dataclass(frozen=True)
class Plan:
    troubles: tuple[Trouble, ...]
    messages: int
    seed: int
    synchronous: bool
    """Whether a commit waits for a standby."""
    pooled: bool
    """Whether PgBouncer is between."""

    @property
    def seconds(self) -> float:
        return sum(each.seconds for each in self.troubles)

    @property
    def dose(self) -> Dose:
        return steady(self.seconds / FLOWING, self.messages, self.seed)


def main() -> int:
    signal.signal(signal.SIGTERM, _end)
    plan, say = from_environment(os.environ), speaker()
    say(f"{', '.join(each.name for each in plan.troubles)}: {plan.seconds:.0f} s, seed {plan.seed}")
    try:
        with set_up(plan.synchronous, plan.pooled) as cluster:
            say(f"{len(cluster.hosts)} hosts, in {cluster.network.what}")
            verdict, counts = play(cluster, plan.dose, plan.troubles, say)
            cluster.keep = plan.synchronous and not verdict.holds
            if cluster.keep:
                say(f"the logs stay in {cluster.folder}")
    except (Hangs, ServerError, psycopg.Error) as error:
        say(f"it ends: {error}")
        print(json.dumps({"hangs": str(error), "accepted": 0, "lost": 0, "doubled": 0}))
        return 1
    return report(plan, verdict, counts, say)


def report(
    plan: Plan, verdict: Verdict, counts: Mapping[str, Any], say: Callable[[str], None]
) -> int:
    """Say what came out; the exit code. Without a synchronous standby something has to be lost."""
    for note in verdict.notes[: 20 if plan.synchronous else 3]:
        say(note)
    say("every promise held" if verdict.holds else "A PROMISE WAS BROKEN")
    if not plan.synchronous:
        say(f"of customers' messages that were acknowledged {verdict.inbound_lost} are gone")
    print(
        json.dumps({**counts, **verdict.json(), "seed": plan.seed, "synchronous": plan.synchronous})
    )
    return 0 if verdict.holds == plan.synchronous else 1


def from_environment(environ: Mapping[str, str]) -> Plan:
    """KINDS (names, with commas between them), SEED, MESSAGES, SYNC=off, POOLER=off."""
    synchronous = environ.get("SYNC") != "off"
    usual = ",".join(KINDS) if synchronous else "nothing,primary-alone"
    wanted = (environ.get("KINDS") or usual).split(",")
    if unknown := set(wanted) - set(KINDS):
        sys.exit(f"cluster: no trouble is called {unknown.pop()}: name some of {', '.join(KINDS)}")
    troubles = tuple(KINDS[name] for name in wanted)
    messages = MESSAGES_A_SECOND * sum(each.seconds for each in troubles)
    return Plan(
        troubles,
        int(environ.get("MESSAGES") or messages),
        int(environ.get("SEED") or 1),
        synchronous,
        environ.get("POOLER") != "off",
    )


def _end(*_: object) -> None:
    # By an exception, so that all that was made is taken away.
    sys.exit("cluster: it was asked to end")


if __name__ == "__main__":
    sys.exit(main())
