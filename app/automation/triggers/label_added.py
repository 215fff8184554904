from app.automation.choices import chosen, gone, labels
from app.automation.rule_part import Gap, Options, Trigger
from app.automation.snapshot import Snapshot
from app.models import EventType


def wants(seen: Snapshot, options: Options) -> bool:
    return seen.event.facts.get("label_id") in chosen(options, "label")


PART = Trigger(
    key="label_added",
    order=105,
    sentence="the label {label} is added to a conversation",
    gaps=(Gap(key="label", kind="choice", label="Label", choices=labels),),
    gone=gone("label", "label", labels),
    events=frozenset({EventType.LABEL_ADDED}),
    wants=wants,
)
