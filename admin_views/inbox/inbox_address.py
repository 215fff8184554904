"""The inbox's address: of which conversations the list is, and where in it one is."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any
from urllib.parse import parse_qsl, urlsplit

from flask import request

from admin_views.posted import id_of
from app.inbox.conversations import Cursor, Filter
from app.inbox.list_views import View

# What the list is narrowed to, and which page of it is looked at: that goes along to each
# conversation that is opened from the list, and back. Person: to whom it is assigned.
FILTER = ("view", "q", "channel", "label", "person", "unread")
PLACE = ("after", "newer")
# As they were called before they were views.
FORMER = {"waiting": View.WAITING, "failed": View.FAILED}


def kept(args: Mapping[str, str]) -> dict[str, str]:
    """The part of an address that says where in the list one is."""
    # Asked with `in`: for each name that is not there, Werkzeug makes an exception.
    there = [name for name in (*FILTER, *PLACE) if name in args]
    named = {name: args[name] for name in there if args[name]}
    former = next((view for name, view in FORMER.items() if name in args), None)
    return {"view": former, **named} if former else named


def came_from() -> dict[str, Any]:
    """The same of the page whose form was sent, as the browser names that page."""
    return {**kept(dict(parse_qsl(urlsplit(request.referrer or "").query)))}


def filtered(args: Mapping[str, str]) -> dict[str, str]:
    """The part of an address that says which list it is, from its latest page on."""
    return {name: value for name, value in kept(args).items() if name in FILTER}


def place(args: Mapping[str, str]) -> Cursor | None:
    """Which page; None: the latest."""
    if newer := args.get("newer"):
        return Cursor.parse(newer, newer=True)
    return Cursor.parse(args.get("after", ""))


def wanted(args: Mapping[str, str], mine: int | None, everything: bool = False) -> Filter:
    """What the address asks for. Where it names no view, a search and every other filter look among
    all; else the list is of what is open, or (everything) of all."""
    asked = kept(args)
    narrowed = Filter(
        mine=mine,
        label=id_of(asked.get("label")),
        text=asked.get("q", "").replace("\x00", "")[:100],
        channel=asked.get("channel", "")[:20],
        assignee=id_of(asked.get("person")),
        unread="unread" in asked,
    )
    named = asked.get("view", "")
    if named in set(View):
        return replace(narrowed, view=View(named))
    return replace(narrowed, view=View.ALL if narrowed.narrow or everything else View.OPEN)
