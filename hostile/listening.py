"""What views read of requests: so a new field is tried from its first day."""

from collections import defaultdict
from typing import Any

from flask import Flask
from werkzeug.datastructures import ImmutableMultiDict

from app.web.guards.bodies import Bounded

# By endpoint, the names that were asked for in addresses, and in bodies.
heard: defaultdict[str, set[str]] = defaultdict(set)
heard_in_bodies: defaultdict[str, set[str]] = defaultdict(set)
# Endpoints that read JSON.
reads_json: set[str] = set()
# Endpoints that answer JSON to whoever wants it.
tells_json: set[str] = set()


class _Fields(ImmutableMultiDict[str, str]):
    """Fields that tell which of them are asked for."""

    asked: set[str]

    def __getitem__(self, key: str) -> str:
        _note(self, key)
        return super().__getitem__(key)

    def __contains__(self, key: object) -> bool:
        _note(self, key)
        return super().__contains__(key)

    def get(self, key: str, *rest: Any, **more: Any) -> Any:
        _note(self, key)
        return super().get(key, *rest, **more)

    def getlist(self, key: str, *rest: Any, **more: Any) -> Any:
        _note(self, key)
        return super().getlist(key, *rest, **more)

    def to_dict(self, flat: bool = True) -> Any:
        return _Object(super().to_dict(flat), getattr(self, "asked", set()))


class _Object(dict[str, Any]):
    """The same for an object."""

    def __init__(self, values: dict[str, Any], asked: set[str]) -> None:
        super().__init__(values)
        self.asked = asked

    def __getitem__(self, key: str) -> Any:
        _note(self, key)
        return super().__getitem__(key)

    def __contains__(self, key: object) -> bool:
        _note(self, key)
        return super().__contains__(key)

    def get(self, key: str, default: Any = None) -> Any:
        _note(self, key)
        return super().get(key, default)


def _note(fields: Any, key: object) -> None:
    asked = getattr(fields, "asked", None)
    if asked is not None and isinstance(key, str):
        asked.add(key)


class ListeningRequest(Bounded):
    parameter_storage_class = _Fields  # type: ignore[assignment]

    @property
    def args(self) -> Any:
        fields = super().args
        fields.asked = heard[f"{self.method} {self.endpoint}"]  # type: ignore[attr-defined]
        return fields

    @property
    def form(self) -> Any:
        fields = super().form
        fields.asked = heard_in_bodies[self.endpoint or ""]  # type: ignore[attr-defined]
        return fields

    def get_json(self, *arguments: Any, **options: Any) -> Any:
        said = super().get_json(*arguments, **options)
        reads_json.add(self.endpoint or "")
        asked = heard_in_bodies[self.endpoint or ""]
        return _Object(said, asked) if isinstance(said, dict) else said


def listen(app: Flask) -> None:
    app.request_class = ListeningRequest
