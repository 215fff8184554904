from app.automation.choices import chosen, gone, labels, words_of
from app.automation.rule_part import Action, Doer, Gap, Options
from app.automation.snapshot import Snapshot
from app.inbox import labelling


def do(seen: Snapshot, options: Options, doer: Doer) -> str:
    (label_id,) = chosen(options, "label")
    name = words_of([label_id], labels())
    if labelling.add_label(seen.customer.id, label_id, doer.by, doer.now):
        return f"Added the label {name}."
    return f"The label {name} was there already."


PART = Action(
    key="add_label",
    order=30,
    sentence="add the label {label}",
    gaps=(Gap(key="label", kind="choice", label="Label", choices=labels),),
    gone=gone("label", "label", labels),
    do=do,
)
