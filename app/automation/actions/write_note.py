from app.automation.rule_part import Action, Doer, Gap, NotDone, Options
from app.automation.snapshot import Snapshot
from app.inbox.notes import BadNote, add_note


def do(seen: Snapshot, options: Options, doer: Doer) -> str:
    try:
        add_note(seen.customer.id, str(options["text"]), doer.by, doer.now)
    except BadNote as bad:
        raise NotDone(str(bad)) from None
    return "Wrote a note."


PART = Action(
    key="note",
    order=60,
    sentence="write a note for the team: {text}",
    gaps=(Gap(key="text", kind="text", label="Note", most=2000),),
    do=do,
)
