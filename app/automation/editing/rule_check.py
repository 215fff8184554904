"""What is wrong with a rule as it is written, said before it does anything."""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Any

from app.automation.editing import gap_values
from app.automation.editing.rule_draft import LISTS, Chosen, Draft
from app.automation.rule_part import Gap, RulePart
from app.automation.triggers import TRIGGERS
from app.lib.text.cleaning import clean, one_line, shows
from app.notifications.configure.template_edit import Wrong

LONGEST_NAME = 80
MOST_PARTS = 10
NO_SUCH = "There is no such thing any more. Choose another."


def checked(draft: Draft) -> Draft:
    """The rule as it is stored, each option of its gap's kind and unknown ones left out.

    Raises Wrong with a sentence for each thing to put right, by its path: name, trigger,
    trigger.minutes, conditions, conditions.0.words, actions.1.text.
    """
    reading = _Reading()
    read = replace(
        draft,
        name=reading.name(draft.name),
        trigger=reading.part("trigger", draft.trigger, TRIGGERS),
        conditions=reading.parts("conditions", draft.conditions),
        actions=reading.parts("actions", draft.actions),
    )
    if not draft.actions:
        reading.errors["actions"] = "Say what is to be done: choose it after “then”, and press Add."
    if reading.errors:
        raise Wrong(reading.errors)
    return read


class _Reading:
    """Goes on after an error, so that all are told at once."""

    def __init__(self) -> None:
        self.errors: dict[str, str] = {}

    def name(self, given: str) -> str:
        name = one_line(clean(given))
        if not shows(name) or len(name) > LONGEST_NAME:
            self.errors["name"] = f"Give it a name of {LONGEST_NAME} characters at most."
        return name

    def parts(self, path: str, given: tuple[Chosen, ...]) -> tuple[Chosen, ...]:
        if len(given) > MOST_PARTS:
            self.errors[path] = f"There are {MOST_PARTS} at most. Take some out."
            return given
        among = LISTS[path]
        return tuple(self.part(f"{path}.{n}", each, among) for n, each in enumerate(given))

    def part(self, path: str, given: Chosen, among: Mapping[str, RulePart]) -> Chosen:
        if given.key not in among:
            self.errors[path] = NO_SUCH
            return given
        part = among[given.key]
        read = {gap.key: self._gap(path, gap, given.options) for gap in part.gaps}
        if not self._any(path, part.gaps) and (gone := part.gone(read)):
            self.errors[path] = gone
        return Chosen(given.key, read)

    def _gap(self, path: str, gap: Gap, options: Mapping[str, Any]) -> Any:
        try:
            return gap_values.read(gap, options.get(gap.key, ""))
        except ValueError as error:
            self.errors[f"{path}.{gap.key}"] = str(error)
            return None

    def _any(self, path: str, gaps: Iterable[Gap]) -> bool:
        return any(f"{path}.{gap.key}" in self.errors for gap in gaps)
