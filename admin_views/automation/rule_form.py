"""The form of a rule as it was posted, and the round trips of its buttons. Names are paths:
trigger, trigger.minutes, conditions.0, conditions.0.words, actions.1.text."""

import re
from collections.abc import Mapping

from werkzeug.datastructures import MultiDict

from app.automation.editing.rule_check import MOST_PARTS
from app.automation.editing.rule_draft import LISTS, Chosen, Draft, fresh
from app.automation.rule_part import Gap, RulePart
from app.automation.triggers import TRIGGERS

Form = MultiDict[str, str]


def posted(form: Form) -> Draft:
    """What stands in the form; what no part asks for is left out."""
    return Draft(
        name=form.get("name", ""),
        trigger=_part(form, "trigger", TRIGGERS),
        conditions=_listed(form, "conditions"),
        actions=_listed(form, "actions"),
        after_rules="after_rules" in form,
    )


def _listed(form: Form, name: str) -> tuple[Chosen, ...]:
    """In the order of their numbers, whichever those are."""
    found = (re.fullmatch(rf"{name}\.(\d{{1,3}})", key) for key in form)
    numbers = sorted(int(match[1]) for match in found if match)
    return tuple(_part(form, f"{name}.{number}", LISTS[name]) for number in numbers)


def _part(form: Form, path: str, among: Mapping[str, RulePart]) -> Chosen:
    key = form.get(path, "")
    gaps = among[key].gaps if key in among else ()
    return Chosen(key, {gap.key: _given(form, f"{path}.{gap.key}", gap) for gap in gaps})


def _given(form: Form, name: str, gap: Gap) -> object:
    """A gap that was not on the page begins as it does."""
    if name not in form:
        return gap.default
    values = form.getlist(name)
    return [value for value in values if value] if gap.kind == "choices" else values[-1]


def stepped(draft: Draft, step: str, form: Form) -> Draft:
    """After one of its buttons: add.conditions, remove.actions.0, up.actions.1, down.actions.0.
    Anything else changes nothing."""
    verb, _, place = step.partition(".")
    name, _, number = place.partition(".")
    if name not in LISTS:
        return draft
    parts = list(getattr(draft, name))
    if verb == "add":
        _add(parts, name, form.get(f"new.{name}", ""))
    elif number.isascii() and number.isdigit() and int(number) < len(parts):
        _put(parts, verb, int(number))
    return draft.with_list(name, parts)


def _add(parts: list[Chosen], name: str, key: str) -> None:
    if key in LISTS[name] and len(parts) < MOST_PARTS:
        parts.append(fresh(LISTS[name], key))


def _put(parts: list[Chosen], verb: str, number: int) -> None:
    part, place = parts.pop(number), max(number + {"up": -1, "down": 1}.get(verb, 0), 0)
    parts[place:place] = [] if verb == "remove" else [part]
