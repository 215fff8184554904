"""What somebody wants the settings to be: what is given, over what holds. Pure."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from datetime import time
from functools import partial
from typing import Any, TypeVar

from app.channels import REMINDING
from app.notifications.configure import given
from app.notifications.configure.template_edit import Wrong
from app.notifications.settings import Policy, Wanted

T = TypeVar("T")

NO_SUCH = "There is no such setting. Leave it out."


def propose(now: Policy, values: Mapping[str, Any]) -> Policy:
    """The policy with the given values in place of those that hold; what is not named stays.

    Raises Wrong with a sentence for each field that cannot be used, by its path:
    types.appointment_reminder.options.hours.
    """
    reading = _Reading()
    types = dict(now.types)
    for key, asked in reading.inside("types", values.get("types", {}), now.types):
        types[key] = reading.wanted(f"types.{key}", now.types[key], asked)
    proposed = replace(
        now,
        types=types,
        quiet_from=reading.read("", values, "quiet_from", given.clock, now.quiet_from),
        quiet_until=reading.read("", values, "quiet_until", given.clock, now.quiet_until),
        reply_cancels=reading.read("", values, "reply_cancels", given.flag, now.reply_cancels),
    )
    reading.known("", values, ("types", "quiet_from", "quiet_until", "reply_cancels"))
    reading.quiet(proposed.quiet_from, proposed.quiet_until)
    if reading.errors:
        raise Wrong(reading.errors)
    return proposed


class _Reading:
    """Goes on after an error, so that all are told at once."""

    def __init__(self) -> None:
        self.errors: dict[str, str] = {}

    def wanted(self, path: str, now: Wanted, asked: Mapping[str, Any]) -> Wanted:
        self.known(path, asked, ("enabled", "channel", "falls_back", "options"))
        return replace(
            now,
            enabled=self.read(path, asked, "enabled", given.flag, now.enabled),
            channel=self.read(path, asked, "channel", _channel, now.channel),
            falls_back=self.read(path, asked, "falls_back", given.flag, now.falls_back),
            options=self._options(f"{path}.options", now, asked.get("options", {})),
        )

    def _options(self, path: str, now: Wanted, asked: Any) -> dict[str, Any]:
        options, kinds = dict(now.options), {kind.key: kind for kind in now.type.options}
        if not isinstance(asked, Mapping):
            self.errors[path] = "Give an object."
            return options
        self.known(path, asked, kinds)
        for key, kind in kinds.items():
            options[key] = self.read(path, asked, key, partial(given.option, kind), options[key])
        return options

    def read(
        self,
        path: str,
        asked: Mapping[str, Any],
        name: str,
        reader: Callable[[Any], T],
        present: T,
    ) -> T:
        if name not in asked:
            return present
        try:
            return reader(asked[name])
        except ValueError as error:
            self.errors[_joined(path, name)] = str(error)
            return present

    def inside(
        self, path: str, asked: Any, known: Mapping[str, Any]
    ) -> Iterator[tuple[str, Mapping[str, Any]]]:
        """The objects in an object, by their known names."""
        if not isinstance(asked, Mapping):
            self.errors[path] = "Give an object."
            return
        self.known(path, asked, known)
        for name in known:
            if isinstance(asked.get(name, {}), Mapping):
                yield name, asked.get(name, {})
            else:
                self.errors[_joined(path, name)] = "Give an object."

    def known(self, path: str, asked: Mapping[str, Any], names: Any) -> None:
        for name in asked:
            if name not in names:
                self.errors[_joined(path, str(name))] = NO_SUCH

    def quiet(self, begins: time | None, ends: time | None) -> None:
        if self.errors.keys() & {"quiet_from", "quiet_until"}:
            return
        if (begins is None) != (ends is None):
            self.errors["quiet_until"] = "Give both times, or neither for no quiet hours."
        elif begins is not None and begins == ends:
            self.errors["quiet_until"] = "Give another time than the beginning."


def _channel(value: Any) -> str:
    return given.one_of(REMINDING, value)


def _joined(path: str, name: str) -> str:
    return f"{path}.{name}" if path else name
