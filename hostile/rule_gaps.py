"""A rule's form: each gap that names rows, filled with one's own and with foreign ones."""

from collections.abc import Iterator, Mapping

from app.automation.editing.rule_draft import LISTS
from app.automation.rule_part import Gap, RulePart
from hostile.deck import Deck
from hostile.probe import Pairs, Probe

NEW = "automation.new"
# What the rows are that a gap names.
TABLES = {
    "endpoint": "webhook_endpoint",
    "label": "label",
    "labels": "label",
    "services": "service",
    "staff": "staff_member",
    "user": "user",
    "who": "user",
}
# What is typed where nothing is chosen.
TYPED = {"number": "5", "words": "price"}
RULE: Mapping[str, str] = {
    "name": "Newcomer",
    "trigger": "customer_wrote",
    "actions.0": "note",
    "actions.0.text": "Hello",
}


def probes(deck: Deck) -> Iterator[Probe]:
    if not deck.allowed(NEW):
        return
    for folder, among in LISTS.items():
        for part in among.values():
            for gap in (gap for gap in part.gaps if gap.key in TABLES):
                for id_ in deck.values.ids(TABLES[gap.key], deck.person.own):
                    yield _saved(deck, _form(folder, part, gap, id_), strict=False)
                for id_ in deck.values.ids(TABLES[gap.key], deck.person.foreign):
                    yield _saved(deck, _form(folder, part, gap, id_), strict=True)


def _form(folder: str, part: RulePart, named: Gap, id_: str) -> Pairs:
    place = f"{folder}.0"
    typed = {f"{place}.{gap.key}": _typed(gap) for gap in part.gaps}
    chosen = {place: part.key, f"{place}.{named.key}": id_}
    return tuple((RULE | typed | chosen).items())


def _typed(gap: Gap) -> str:
    return str(gap.default or TYPED.get(gap.kind, "Hello"))


def _saved(deck: Deck, form: Pairs, strict: bool) -> Probe:
    rule = next(each for each in deck.rules if each.endpoint == NEW)
    path = deck.path(rule)
    return Probe(deck.person.role, NEW, "POST", path, form=form, strict=strict, twin=strict)
