"""A rule as it is being written: its parts by their keys, with what stands in their gaps."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from app.automation.actions import ACTIONS
from app.automation.conditions import CONDITIONS
from app.automation.rule_part import RulePart
from app.automation.triggers import TRIGGERS
from app.models import AutomationRule

# The lists of parts that a rule has, and what each can consist of.
LISTS: dict[str, Mapping[str, RulePart]] = {"conditions": CONDITIONS, "actions": ACTIONS}


@dataclass(frozen=True)
class Chosen:
    """A part by its key; its options as they were given, or as they are stored."""

    key: str
    options: Mapping[str, Any] = field(default_factory=dict)

    def stored(self) -> dict[str, Any]:
        return {"key": self.key, "options": dict(self.options)}


@dataclass(frozen=True)
class Draft:
    name: str = ""
    trigger: Chosen = field(default_factory=lambda: fresh(TRIGGERS, next(iter(TRIGGERS))))
    conditions: tuple[Chosen, ...] = ()
    actions: tuple[Chosen, ...] = ()
    after_rules: bool = False

    @classmethod
    def of(cls, rule: AutomationRule) -> "Draft":
        return cls(
            rule.name,
            _stored(TRIGGERS, rule.trigger, rule.trigger_options),
            tuple(_stored(CONDITIONS, **part) for part in rule.conditions),
            tuple(_stored(ACTIONS, **part) for part in rule.actions),
            rule.after_rules,
        )

    def stored(self) -> dict[str, Any]:
        """By the columns of AutomationRule."""
        return {
            "name": self.name,
            "trigger": self.trigger.key,
            "trigger_options": dict(self.trigger.options),
            "conditions": [each.stored() for each in self.conditions],
            "actions": [each.stored() for each in self.actions],
            "after_rules": self.after_rules,
        }

    def with_list(self, name: str, parts: Iterable[Chosen]) -> "Draft":
        """With other conditions, or other actions."""
        return replace(self, **{name: tuple(parts)})  # type: ignore[arg-type]


def fresh(among: Mapping[str, RulePart], key: str) -> Chosen:
    """The part as one begins with it."""
    return Chosen(key, {gap.key: gap.default for gap in among[key].gaps})


def _stored(among: Mapping[str, RulePart], key: str, options: Mapping[str, Any]) -> Chosen:
    """A gap that is newer than the rule has its default."""
    defaults = fresh(among, key).options if key in among else {}
    return Chosen(key, {**defaults, **options})
