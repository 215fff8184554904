"""Every list that can be chosen, with how many conversations it has: by one statement."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy import func, select

from admin_views.frame import business
from admin_views.inbox.inbox_address import wanted
from admin_views.inbox.lists.folders import NAMES, Folder
from app.channels import CHANNELS
from app.extensions import db
from app.inbox.conversation_commands import assignable
from app.inbox.conversations import Filter
from app.inbox.list_views import View
from app.inbox.lists.conversation_counts import counts
from app.models import Label, SavedView

UNREAD = {"view": View.OPEN, "unread": "1"}


@dataclass(frozen=True)
class Kept(Folder):
    view: SavedView | None = None


def menu(asked: Filter, views: Sequence[SavedView]) -> dict[str, list[Folder]]:
    """By its sections. Channels, labels and people are those of the view that is asked for."""
    sections: dict[str, list[Folder]] = {
        "folders": list(_folders()),
        "views": [Kept(each.name, each.address, view=each) for each in views],
        "channels": [
            Folder(each.label, _within(asked, channel=each.key))
            for each in CHANNELS.values()
            # What is carried by another one is a list of its own where there is any.
            if not each.carries or business().rcs_sender
        ],
        "labels": [
            Folder(each.name, _within(asked, label=each.id), colour=each.colour)
            for each in db.session.scalars(select(Label).order_by(func.lower(Label.name)))
        ],
        "people": [Folder(str(each), _within(asked, person=each.id)) for each in assignable()],
    }
    filters = [wanted(each.address, asked.mine) for part in sections.values() for each in part]
    counted = iter(zip(filters, counts(filters), strict=True))
    return {
        name: [_filled(each, *next(counted), asked) for each in part]
        for name, part in sections.items()
    }


def _folders() -> Iterator[Folder]:
    for view, name in NAMES.items():
        yield Folder(name, {} if view == View.OPEN else {"view": view})
        if view == View.WAITING:
            yield Folder("Unread", UNREAD)


def _within(asked: Filter, **by: Any) -> dict[str, str]:
    return {"view": asked.view, **{name: str(value) for name, value in by.items()}}


def _filled(each: Folder, filter_: Filter, count: int | None, asked: Filter) -> Folder:
    return replace(each, count=count, chosen=filter_ == asked)
