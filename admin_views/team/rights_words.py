"""The rights of staff in words."""

from typing import NamedTuple

from app.inbox.team.staff_rights import Right, has
from app.models import Role, Sees, User


class Words(NamedTuple):
    label: str
    hint: str
    short: str
    """Among the others, on the page Team; empty: as most have it."""


SEES = {
    Sees.ALL: Words("All conversations", "Of everybody who works here.", ""),
    Sees.OWN_AND_UNASSIGNED: Words(
        "Their own, and those that are nobody’s",
        "What is assigned to a colleague is not there for them: no text, note, call or file, in no"
        " list, search or count.",
        "sees own and unassigned",
    ),
    Sees.OWN: Words(
        "Only their own",
        "What is assigned to nobody is not there for them either, until somebody assigns it.",
        "sees own only",
    ),
}
MAY = {
    Right.EXPORT: Words(
        "Export lists",
        "Take customers and calls along as a file. Of calls those that they see.",
        "may export",
    ),
    Right.DELETE: Words(
        "Delete customers",
        "With all that was said to them. This cannot be undone.",
        "may delete",
    ),
}


def differs(user: User) -> list[str]:
    """What a member of staff may otherwise than most."""
    if user.role != Role.STAFF:
        return []
    return [
        *filter(None, [SEES[Sees(user.sees)].short]),
        *(words.short for right, words in MAY.items() if has(user, right)),
    ]
