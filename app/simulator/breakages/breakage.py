"""A breakage is a name, and the fields that have other values as long as it lasts."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Breakage:
    label: str
    hint: str
    """What the product then meets."""
    fields: Mapping[str, Any]
    checks: tuple[str, ...] = ()
    """Of the product's checks those that say so; none: nobody does, and messages go on."""


def holds(breakage: Breakage, thing: Any) -> bool:
    """Whether it is broken so."""
    return all(getattr(thing, name) == value for name, value in breakage.fields.items())
