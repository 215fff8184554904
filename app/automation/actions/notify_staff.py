"""Everybody who has the inbox open is told, and it stays with the conversation as a note."""

from app.automation.actions.write_note import do as write_note
from app.automation.rule_part import Action, Doer, Gap, Options
from app.automation.snapshot import Snapshot


def do(seen: Snapshot, options: Options, doer: Doer) -> str:
    write_note(seen, options, doer)
    doer.tells_team = True
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
