"""The folders of the inbox, each with how many conversations it has."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from app.channels import CHANNELS
from app.extensions import db
from app.inbox.conversations import Filter
from app.inbox.list_views import View
from app.inbox.lists.conversation_counts import asked_counts, counts
from app.models import Label, User
from app.prepared import Question

NAMES = {
    View.OPEN: "Open",
    View.MINE: "Mine",
    View.WAITING: "Waiting for us",
    View.READ: "Read, not answered",
    View.UNASSIGNED: "Unassigned",
    View.SNOOZED: "Snoozed",
    View.FAILED: "Failed",
    View.CLOSED: "Closed",
    View.ALL: "All",
}
# Those that always stand above the list.
TABS = (View.OPEN, View.MINE, View.WAITING)
Address = dict[str, str]


@dataclass(frozen=True)
class Folder:
    """A list that can be chosen: its name, its address, and how many it has (None: not counted)."""

    name: str
    address: Address
    count: int | None = None
    chosen: bool = False
    colour: str = ""


def counted(asked: Filter) -> Question[list[int | None]]:
    """How many tabs() says that there are."""
    views = [Filter(view, asked.mine) for view in TABS]
    return asked_counts([*views, asked, Filter(View.FAILED), Filter(View.ALL, unread=True)])


def tabs(
    asked: Filter, args: Mapping[str, str], counted: Question[list[int | None]]
) -> dict[str, Any]:
    """What stands above every list: the tabs, the list that is looked at where it is none of them,
    and by what it is narrowed, each with the address without that."""
    *of_tabs, here, failed, unread = counted.answer
    return {
        "tabs": [
            Folder(NAMES[view], _of(view), count, asked.view == view)
            for view, count in zip(TABS, of_tabs, strict=True)
        ],
        "here": Folder(NAMES[asked.view], dict(args), here, asked.view not in TABS),
        "narrowed_by": _narrowed_by(asked, dict(args)),
        "failed_count": failed,
        "unread_count": unread,
    }


def unread_count() -> int:
    """How many conversations have something in them that nobody has read."""
    return counts([Filter(View.ALL, unread=True)])[0] or 0


def _of(view: View) -> Address:
    """The plain address is that of what is open."""
    return {} if view == View.OPEN else {"view": view}


def _narrowed_by(asked: Filter, here: Address) -> list[Folder]:
    """The view stays, also where the address named none."""
    here = {**here, "view": asked.view}
    found = []
    if asked.channel in CHANNELS:
        found.append(Folder(CHANNELS[asked.channel].label, _without(here, "channel")))
    if asked.label is not None and (label := db.session.get(Label, asked.label)):
        found.append(Folder(label.name, _without(here, "label"), colour=label.colour))
    if asked.assignee is not None and (person := db.session.get(User, asked.assignee)):
        found.append(Folder(f"Assigned to {person}", _without(here, "person")))
    if asked.unread:
        found.append(Folder("Unread", _without(here, "unread")))
    return found


def _without(here: Address, name: str) -> Address:
    return {key: value for key, value in here.items() if key != name}
