from app.automation.choices import chosen, gone, labels, words_of
from app.automation.rule_part import Action, Doer, Gap, Options
from app.automation.snapshot import Snapshot
from app.inbox import labelling


def do(seen: Snapshot, options: Options, doer: Doer) -> str:
    (label_id,) = chosen(options, "label")
    name = words_of([label_id], labels())
    if labelling.remove_label(seen.customer.id, label_id, doer.by, doer.now):
        return f"Removed the label {name}."
    return f"The label {name} was not there."


PART = Action(
    key="remove_label",
    order=40,
    sentence="remove the label {label}",
    gaps=(Gap(key="label", kind="choice", label="Label", choices=labels),),
    gone=gone("label", "label", labels),
    do=do,
)
