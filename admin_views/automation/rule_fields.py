"""A rule's form as a sentence, made of what the parts say of themselves."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from app.automation.editing.rule_check import NO_SUCH
from app.automation.editing.rule_draft import LISTS, Chosen, Draft
from app.automation.editing.rule_sentence import between, outline
from app.automation.rule_part import Choices, Gap, RulePart
from app.automation.triggers import TRIGGERS

Errors = Mapping[str, str]


@dataclass(frozen=True)
class Field:
    """A gap, with what stands in it."""

    name: str
    gap: Gap
    value: Any
    """As it stands in the form; of choices the keys."""
    error: str
    place: str
    """Where its gap is found again: actions.send_text.text."""

    @property
    def folded(self) -> bool:
        """Whether it is a text that may stay empty, which takes no room until it is wanted."""
        return self.gap.optional and self.gap.kind in ("text", "template")

    @property
    def choices(self) -> Choices:
        return self.gap.offered()

    @property
    def keys(self) -> set[str]:
        return {key for key, _ in self.choices}

    @property
    def chosen(self) -> str:
        """The words of what is ticked."""
        return ", ".join(words for key, words in self.choices if key in self.value)


@dataclass(frozen=True)
class Line:
    """A part: its sentence with fields in it."""

    path: str
    key: str
    said: str
    """The sentence with … in its gaps."""
    pieces: Sequence[str | Field]
    error: str

    @property
    def has_fields(self) -> bool:
        return any(isinstance(piece, Field) for piece in self.pieces)


def gap_at(place: str) -> Gap | None:
    """The gap of a field's place; None: there is no such gap."""
    folder, _, rest = place.partition(".")
    part, _, key = rest.partition(".")
    found = ({"trigger": TRIGGERS} | LISTS).get(folder, {}).get(part)
    return next((gap for gap in found.gaps if gap.key == key), None) if found else None


def sentence(draft: Draft, errors: Errors) -> dict[str, Any]:
    """For the template."""
    lists = {
        name: [_line(f"{name}.{n}", each, among, errors) for n, each in enumerate(_of(draft, name))]
        for name, among in LISTS.items()
    }
    return {
        "draft": draft,
        "trigger": _line("trigger", draft.trigger, TRIGGERS, errors),
        "offers": {name: _offers(among) for name, among in LISTS.items()},
        "triggers": _offers(TRIGGERS),
        "errors": errors,
        **lists,
    }


def _of(draft: Draft, name: str) -> tuple[Chosen, ...]:
    found: tuple[Chosen, ...] = getattr(draft, name)
    return found


def _offers(among: Mapping[str, RulePart]) -> list[tuple[str, str]]:
    return [(key, outline(part)) for key, part in among.items()]


def _line(path: str, chosen: Chosen, among: Mapping[str, RulePart], errors: Errors) -> Line:
    part = among.get(chosen.key)
    if part is None:
        return Line(path, chosen.key, "", (), errors.get(path) or NO_SUCH)
    fields = {gap.key: _field(path, part, gap, chosen.options, errors) for gap in part.gaps}
    folded = [field for field in fields.values() if field.folded]
    inside = between(part, {field.gap.key for field in folded})
    said = [each if isinstance(each, str) else fields[each.key] for each in inside]
    return Line(path, chosen.key, outline(part), [*said, *folded], errors.get(path, ""))


def _field(
    path: str, part: RulePart, gap: Gap, options: Mapping[str, Any], errors: Errors
) -> Field:
    name, value = f"{path}.{gap.key}", _shown(gap, options.get(gap.key))
    place = f"{path.partition('.')[0]}.{part.key}.{gap.key}"
    return Field(name, gap, value, errors.get(name, ""), place)


def _shown(gap: Gap, value: Any) -> Any:
    if gap.kind == "words" and isinstance(value, list):
        return ", ".join(map(str, value))
    return "" if value is None else value
