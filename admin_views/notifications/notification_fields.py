"""The fields of the page of automatic messages, from what the types say of themselves."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import time
from typing import Any

from app.channels import REMINDING
from app.notifications.settings import Policy, Wanted


@dataclass(frozen=True)
class Field:
    name: str
    """Its path, as errors name it."""
    label: str
    kind: str
    """flag, channel, hours, number, link or clock."""
    value: Any
    """As it stands in the form."""
    error: str = ""
    help: str = ""
    least: int = 0
    most: int = 0
    unit: str = ""


def fields(policy: Policy, given: Mapping[str, Any], errors: Mapping[str, str]) -> dict[str, Any]:
    """For the template: what was given, else what holds, each with its error."""
    rules = [
        (wanted.type, list(_filled(_of_type(wanted), given, errors)))
        for wanted in policy.types.values()
    ]
    business = list(_filled(_of_business(policy), given, errors))
    named = [(f"{kind.label}, {field.label}", field) for kind, group in rules for field in group]
    named += [(field.label, field) for field in business]
    return {
        "rules": rules,
        "business": business,
        "channel_choices": REMINDING.values(),
        "wrong": [(field.name, name, field.error) for name, field in named if field.error],
    }


def _of_type(wanted: Wanted) -> Iterator[Field]:
    path = f"types.{wanted.type.key}"
    yield Field(f"{path}.enabled", "Send it", "flag", wanted.enabled)
    yield Field(f"{path}.channel", "Channel", "channel", wanted.channel)
    yield Field(
        f"{path}.falls_back",
        "Take another channel where this one does not reach the customer",
        "flag",
        wanted.falls_back,
    )
    for option in wanted.type.options:
        name, value = f"{path}.options.{option.key}", wanted.options[option.key]
        shown = ", ".join(map(str, value)) if option.kind == "hours" else value
        yield Field(
            name,
            option.label,
            option.kind,
            shown,
            help=option.help,
            least=option.least,
            most=option.most,
            unit=option.unit,
        )


def _of_business(policy: Policy) -> Iterator[Field]:
    yield Field("quiet_from", "Quiet from", "clock", _clock(policy.quiet_from))
    yield Field(
        "quiet_until",
        "Quiet until",
        "clock",
        _clock(policy.quiet_until),
        help="By the clock where the customer lives. What falls in between goes before or after;"
        " empty: at any time.",
    )
    yield Field(
        "reply_cancels",
        "A customer's reply to a reminder may cancel the appointment",
        "flag",
        policy.reply_cancels,
        help="Otherwise staff are asked.",
    )


def _clock(moment: time | None) -> str:
    return f"{moment:%H:%M}" if moment else ""


def _filled(
    fields: Iterator[Field], given: Mapping[str, Any], errors: Mapping[str, str]
) -> Iterator[Field]:
    for field in fields:
        value = _given(given, field.name, field.value)
        if field.kind == "flag":
            value = value in (True, "on", "true", "1")
        yield Field(**{**vars(field), "value": value, "error": errors.get(field.name, "")})


def _given(values: Any, path: str, otherwise: Any) -> Any:
    for name in path.split("."):
        if not isinstance(values, Mapping) or name not in values:
            return otherwise
        values = values[name]
    return values
