"""Which approved template goes in the place of a tenant's text, where free text may not."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from app.channels.channel import Channel
from app.extensions import db
from app.lib.text.cleaning import one_line
from app.lib.text.placeholders import filled
from app.models import MessageTemplate, WhatsappTemplate
from app.notifications.configure.template_check import meant
from app.notifications.types.notification_type import Kind

LONGEST_NAME = 50


@dataclass(frozen=True)
class TemplateChoice:
    """As somebody chose it, right or wrong."""

    approved_id: int | None = None
    """None: the text goes within the session window only."""
    gaps: Mapping[str, str] = field(default_factory=dict)
    """The variable of the type that fills each gap: {"1": "customer_name"}."""

    @classmethod
    def of(cls, template: MessageTemplate) -> "TemplateChoice":
        return cls(template.approved_id, template.gaps)


def possible(kind: Kind, channel: Channel) -> bool:
    """Whether texts of the kind may have to go where the channel takes no free text."""
    return channel.has_templates and not kind.answers


def problems(chosen: TemplateChoice, kind: Kind, channel: Channel) -> dict[str, str]:
    """What is wrong with the choice, by field; nothing: it can be stored."""
    if chosen.approved_id is None:
        return {}
    if not possible(kind, channel):
        return {"approved": f"{channel.label} takes any text. Choose no template."}
    approved = _approved(chosen)
    if approved is None or approved.channel != channel.key:
        return {"approved": "There is no such template. Choose another."}
    flaw = next(_flaws(chosen.gaps, approved.variables, kind.variables), "")
    return {"gaps": flaw} if flaw else {}


def reading(chosen: TemplateChoice, values: Mapping[str, str]) -> str:
    """What the customer reads, given a value for each variable; empty where none is chosen.

    A gap that has no variable yet shows its number.
    """
    approved = _approved(chosen)
    if approved is None:
        return ""
    said = {gap: values[name] for gap, name in chosen.gaps.items() if name in values}
    return filled(approved.body, {gap: one_line(value) for gap, value in said.items()})


def _approved(chosen: TemplateChoice) -> WhatsappTemplate | None:
    return db.session.get(WhatsappTemplate, chosen.approved_id) if chosen.approved_id else None


def _flaws(gaps: Mapping[str, str], wanted: list[str], variables: tuple[str, ...]) -> Iterator[str]:
    for gap, name in gaps.items():
        if gap not in wanted:
            yield f"The template has no gap {gap[:LONGEST_NAME]}. Take it out."
        elif name and name not in variables:
            name = name[:LONGEST_NAME]
            yield f"{name} is unknown{meant(name, variables)}"
    for gap in wanted:
        if not gaps.get(gap):
            yield f"Choose what stands in {{{{{gap}}}}}."
