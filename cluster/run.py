"""One run, from the first message to the verdict."""

import time
from collections.abc import Callable, Iterable
from itertools import pairwise
from typing import Any

from cluster.stage import Cluster
from cluster.troubles import Trouble
from faults.dose import Dose
from faults.records import Records
from faults.run import open_town, settle
from faults.stage import start_parts, stop_parts, until
from faults.traffic import Traffic
from faults.verdict import Verdict

Say = Callable[[str], None]
# After the time of a trouble.
WELL_WITHIN = 15.0


def play(
    cluster: Cluster, dose: Dose, troubles: Iterable[Trouble], say: Say
) -> tuple[Verdict, dict[str, Any]]:
    """Messages, and one trouble after the other; then peace, and the verdict. Raises Hangs."""
    begin, records = time.monotonic(), Records()
    businesses, wrote = open_town(cluster, say)
    start_parts(cluster, ["streams"])
    traffic = Traffic(cluster, dose, businesses, records)
    cluster.control("PUT", "faults", **(dose.weather or {}))
    traffic.start()
    silences = {each.name: _meet(cluster, each, records, say) for each in troubles}
    traffic.join()
    messages = len(records.posted) + traffic.texted + len(records.webhooks) + wrote
    say(f"{messages} messages, {len(records.booked)} appointments: now it may settle")
    verdict = settle(cluster, dose, records, begin, say)
    verdict.unclean = cluster.unclean
    for each in records.surprises[:5]:
        verdict.note(f"surprise: {each}")
    stop_parts(cluster)
    return verdict, {
        "troubles": silences,
        "messages": messages,
        "fell": cluster.tell("report")["fell"],
        "seconds": round(time.monotonic() - begin, 1),
    }


def _meet(cluster: Cluster, trouble: Trouble, records: Records, say: Say) -> float:
    """Let it strike, and wait until its time is over; for how long at most no webhook was taken.

    Raises Hangs where not all is well again.
    """
    begin = time.monotonic()
    told = trouble.strike(cluster)
    time.sleep(max(0.0, begin + trouble.seconds - time.monotonic()))
    until(lambda: cluster.is_well, WELL_WITHIN, f"after {trouble.name} not all is well again")
    silence = longest_silence(records, begin, time.monotonic())
    say(f"{trouble.name}: {trouble.what} {told}")
    say(f"{'':{len(trouble.name)}}  the longest without a webhook that was taken: {silence:.1f} s")
    return silence


def longest_silence(records: Records, begin: float, end: float) -> float:
    """The longest between two of the run's webhooks that were taken, within that time."""
    moments = sorted(
        each.taken_at for each in records.webhooks if each.accepted and begin < each.taken_at < end
    )
    return round(max(b - a for a, b in pairwise([begin, *moments, end])), 1)
