from datetime import timedelta

from app.automation.rule_part import Gap, Options, Trigger
from app.automation.snapshot import Snapshot
from app.models import EventType


def wants(seen: Snapshot, options: Options) -> bool:
    silence = timedelta(days=int(options["days"]))
    return seen.heard_before is not None and seen.heard_before <= seen.event.at - silence


PART = Trigger(
    key="wrote_again",
    order=14,
    sentence="a customer writes who was not heard of for {days} days",
    gaps=(Gap(key="days", kind="number", label="Days", default=180, least=1, most=3650),),
    events=frozenset({EventType.MESSAGE_RECEIVED}),
    wants=wants,
)
