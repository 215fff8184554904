"""Everybody is told, at once who has the inbox open; it stays with the conversation as a note."""

from app.automation.actions.write_note import do as write_note
from app.automation.rule_part import Action, Doer, Gap, Options
from app.automation.snapshot import Snapshot
from app.inbox.team import notices


def do(seen: Snapshot, options: Options, doer: Doer) -> str:
    write_note(seen, options, doer)
    notices.asked(seen.customer.id, doer.by, doer.now)
    doer.tells_team = doer.notices = True
    return "Told the team."


PART = Action(
    key="notify_staff",
    order=100,
    sentence="tell the team in the inbox: {text}",
    gaps=(
        Gap(
            key="text",
            kind="line",
            label="What it says",
            default="Somebody should look at this.",
            most=200,
        ),
    ),
    do=do,
)
