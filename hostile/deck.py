"""All that a generator of probes needs to know, and all probes of a person together."""

from dataclasses import dataclass
from functools import cached_property

from flask import Flask
from werkzeug.exceptions import HTTPException
from werkzeug.routing import RequestRedirect, Rule

from hostile import table
from hostile.pages import Found
from hostile.people import Person
from hostile.probe import Pairs
from hostile.samples import completed
from hostile.values import Values, built, foreign_keys, own_arguments

JSON: Pairs = (("Accept", "application/json"),)
# For a route without a form: what some view may read.
ANYTHING = {
    "body": "Hello",
    "channel": "sms",
    "up_to": "999999999999",
    "starts_at": "2027-03-01T10:00",
}
# Words that are called as a table is.
TEXTS = {("live_chat.block", "note")}
TEXTS |= {(f"calendar.{name}", "attendee") for name in ("new", "show", "move")}


@dataclass
class Deck:
    app: Flask
    person: Person
    values: Values
    offered: list[Found]
    """What the pages of their own business offer."""
    foreign: list[Found]
    """What the other business's offer."""
    their_token: str
    """Of a form of the other business's."""

    @cached_property
    def rules(self) -> list[Rule]:
        return list(self.app.url_map.iter_rules())

    def allowed(self, endpoint: str) -> bool:
        return table.may(self.person, endpoint)

    def match(self, method: str, path: str) -> str:
        """The endpoint of the address; empty: there is none."""
        try:
            return str(self.app.url_map.bind("localhost").match(path, method)[0])
        except (HTTPException, RequestRedirect):
            return ""

    def form(self, endpoint: str) -> Pairs:
        """What a page would post there, with their own rows, else all keys that there are."""
        forms = [each.form for each in self.offered if each.endpoint == endpoint and each.form]
        form = max(forms, key=len, default=tuple({**ANYTHING, **self.keys}.items()))
        return completed(form, self.keys)

    @cached_property
    def keys(self) -> dict[str, str]:
        """A row of their own for every name of a key."""
        found = {
            name: self.values.ids(table, self.person.own) for name, table in foreign_keys().items()
        }
        return {name: ids[0] for name, ids in found.items() if ids and name.endswith("_id")}

    def path(self, rule: Rule, **other: str) -> str:
        """The rule with their own rows, apart from what is given."""
        own = own_arguments(self.values, rule, self.person.own)
        return built(rule, {name: found[0] for name, found in own.items()} | other)

    def key(self, name: str, endpoint: str) -> str:
        """The table that a field of that name refers to; empty: it is no key."""
        last = name.rpartition("-")[2]
        if (endpoint, last) in TEXTS:
            return ""
        if last in foreign_keys():
            return foreign_keys()[last]
        panel = _one(endpoint.partition(".")[0])
        if last in ("id", "rowid", "list_form_pk"):
            inner = _one(name.partition("-")[0]) if "-" in name else panel
            return inner if inner in foreign_keys().values() or inner == panel else ""
        return ""


def _one(many: str) -> str:
    return f"{many[:-3]}y" if many.endswith("ies") else many.removesuffix("s")
