"""One request of somebody who means no good, and what it may come to."""

import json
from dataclasses import dataclass, replace
from typing import Any

from hostile.words import Words

Pairs = tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class Probe:
    role: str
    endpoint: str
    method: str
    path: str
    query: Pairs = ()
    form: Pairs | None = None
    json: str | None = None
    """The body as it is sent."""
    headers: Pairs = ()
    strict: bool = True
    """Nothing at all may change, whoever asks."""
    twin: bool = False
    """The answer must be the same as that about nobody's rows."""
    no: bool = False
    """Whoever asks is refused."""
    link: bool = False
    """Its address was told by the stranger, who lets whoever has it in."""
    signed: str = ""
    """The token that it is signed with, as Twilio does."""

    def but(self, **changes: Any) -> "Probe":
        return replace(self, **changes)

    @property
    def asked(self) -> str:
        """All that the request says."""
        parts = [self.path, *(part for pair in self.query for part in pair)]
        parts += [part for pair in self.form or () for part in pair]
        return "\n".join([*parts, self.json or ""])

    def about_nobody(self, words: Words) -> "Probe":
        def twins(pairs: Pairs) -> Pairs:
            return tuple((words.twin(name), words.twin(value)) for name, value in pairs)

        return replace(
            self,
            path=words.twin(self.path),
            query=twins(self.query),
            form=None if self.form is None else twins(self.form),
            json=None if self.json is None else words.twin(self.json),
        )

    def __str__(self) -> str:
        """Enough to repeat it."""
        told: dict[str, Any] = {"query": self.query, "form": self.form, "json": self.json}
        told |= {"headers": self.headers, "signed with": self.signed}
        given = {name: value for name, value in told.items() if value}
        return f"{self.role}: {self.method} {self.path} {json.dumps(given)[:1500]}"


@dataclass(frozen=True)
class Answer:
    status: int
    headers: Pairs
    body: str

    @property
    def location(self) -> str:
        return dict(self.headers).get("Location", "")

    @property
    def all(self) -> str:
        """All that it tells: headers, cookies and their flashes, and what it was packed in."""
        return "\n".join([*(f"{name}: {value}" for name, value in self.headers), self.body])
