"""A rule's parts, found by their keys, with what a person chose in their gaps."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Generic

from app.automation.actions import ACTIONS
from app.automation.conditions import CONDITIONS
from app.automation.rule_part import Action, Condition, Options, Part, RulePart, Trigger
from app.automation.triggers import TRIGGERS
from app.models import AutomationRule

UNKNOWN = "It asks for something that is not known here any more. Choose it anew."


@dataclass(frozen=True)
class Filled(Generic[Part]):
    """A part with its gaps filled in."""

    part: Part
    options: Options


@dataclass(frozen=True)
class Assembled:
    trigger: Filled[Trigger]
    conditions: tuple[Filled[Condition], ...]
    actions: tuple[Filled[Action], ...]

    @property
    def ends(self) -> bool:
        """Whether no rule below it looks at what it did something about."""
        return any(each.part.ends for each in self.actions)

    def gone(self) -> str:
        """What it names and is no more, as a sentence; empty: all is there."""
        found = (each.part.gone(each.options) for each in self._all())
        return next(filter(None, found), "")

    def _all(self) -> Iterator[Filled[Any]]:
        yield self.trigger
        yield from self.conditions
        yield from self.actions


def assemble(rule: AutomationRule) -> Assembled | None:
    """None where it names a part that there is not."""
    trigger = TRIGGERS.get(rule.trigger)
    keys = {each["key"] for each in rule.conditions} <= CONDITIONS.keys()
    if trigger is None or not keys or not {each["key"] for each in rule.actions} <= ACTIONS.keys():
        return None
    return Assembled(
        _filled(trigger, rule.trigger_options),
        tuple(_filled(CONDITIONS[each["key"]], each["options"]) for each in rule.conditions),
        tuple(_filled(ACTIONS[each["key"]], each["options"]) for each in rule.actions),
    )


def _filled(part: Part, options: Mapping[str, Any]) -> Filled[Part]:
    """A gap that is newer than the rule has its default."""
    return Filled(part, {**_defaults(part), **options})


def _defaults(part: RulePart) -> dict[str, Any]:
    return {gap.key: gap.default for gap in part.gaps}
