"""Draws the tables of states into docs/architecture.md: `python -m scripts.state_diagrams`."""

import re
from collections.abc import Mapping
from pathlib import Path

from app.automation import transitions as runs
from app.automation.webhooks import transitions as webhooks
from app.broadcasts import transitions as broadcasts
from app.exports import transitions as exports
from app.imports import transitions as imports
from app.inbox import conversation_transitions as conversations
from app.lib.state_machine import Move, diagram
from app.notifications import transitions as notifications
from app.outbox import transitions as messages

ARCHITECTURE = Path(__file__).parent.parent / "docs" / "architecture.md"
TABLES: Mapping[str, tuple[Mapping[str, str], Mapping[str, Move]]] = {
    "message": (messages.STATES, messages.MOVES),
    "notification": (notifications.STATES, notifications.MOVES),
    "run": (runs.STATES, runs.MOVES),
    "webhook delivery": (webhooks.STATES, webhooks.MOVES),
    "tenant export": (exports.STATES, exports.MOVES),
    "broadcast": (broadcasts.STATES, broadcasts.MOVES),
    "file": (imports.STATES, imports.MOVES),
    "conversation": (conversations.STATES, conversations.MOVES),
}


def drawn(document: str) -> str:
    """The document with each of its pictures made anew."""
    for name, (states, moves) in TABLES.items():
        begin, end = f"<!-- states of a {name} -->\n", f"<!-- end of {name} -->"
        picture = "\n".join([begin, _table(states), "", _picture(moves), "", end])
        place = re.compile(f"{re.escape(begin)}.*{re.escape(end)}", re.DOTALL)
        document, found = place.subn(lambda _, new=picture: new, document)  # type: ignore[misc]
        if not found:
            raise SystemExit(f"{ARCHITECTURE} has no place for the states of a {name}")
    return document


def _table(states: Mapping[str, str]) -> str:
    rows = (f"| {state} | {meaning} |" for state, meaning in states.items())
    return "\n".join(["| state | meaning |", "| --- | --- |", *rows])


def _picture(moves: Mapping[str, Move]) -> str:
    return f"```mermaid\n{diagram(moves)}\n```"


if __name__ == "__main__":
    ARCHITECTURE.write_text(drawn(ARCHITECTURE.read_text()))
