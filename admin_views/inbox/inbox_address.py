"""The inbox's address: of which conversations the list is, and where in it one is."""

from collections.abc import Mapping
from typing import Any

from admin_views.posted import id_of
from app.inbox.conversations import Filter
from app.inbox.list_views import View

# What goes along to each conversation that is opened from the list, and back.
KEPT = ("view", "q", "channel", "label", "unread", "waiting", "failed", "after")


def kept(args: Mapping[str, str]) -> dict[str, str]:
    """The part of an address that says where in the list one is."""
    return {name: args[name] for name in KEPT if args.get(name)}


def wanted(args: Mapping[str, str], mine: int | None, everything: bool) -> Filter:
    """What the address asks for. Where it names no view, a search and every other filter look among
    all; else the list is of what is open, or (everything) of all."""
    narrowed = Filter(
        mine=mine,
        label=id_of(args.get("label")),
        text=args.get("q", "").replace("\x00", "")[:100],
        channel=args.get("channel", "")[:20],
        unread="unread" in args,
        waiting="waiting" in args,
        failed="failed" in args,
    )
    named = args.get("view", "")
    if named in set(View):
        return _with(narrowed, View(named))
    plain = narrowed == Filter(mine=mine)
    return _with(narrowed, View.OPEN if plain and not everything else View.ALL)


def _with(narrowed: Filter, view: View) -> Filter:
    columns: dict[str, Any] = vars(narrowed) | {"view": view}
    return Filter(**columns)
