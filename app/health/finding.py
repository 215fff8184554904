"""What a check says: a state, a sentence that a salon owner understands, and what to do next."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class State(StrEnum):
    """From the worst on."""

    BROKEN = "broken"
    """Messages are lost or do not leave, until somebody acts."""
    WARNING = "warning"
    """Something is not as it should be; messages come and go."""
    OK = "ok"

    @property
    def rank(self) -> int:
        """The worst is 0."""
        return list(State).index(self)


@dataclass(frozen=True)
class Verdict:
    """What a check found."""

    state: State
    sentence: str
    next_step: str = ""
    """Empty: there is nothing to do."""


@dataclass(frozen=True)
class Finding:
    """The same, with whose word it is, and when that one looked."""

    check: str
    state: State
    sentence: str
    next_step: str
    at: datetime

    def as_json(self) -> dict[str, str]:
        told = {"check": self.check, "state": self.state.value, "sentence": self.sentence}
        return {**told, "next_step": self.next_step, "at": self.at.isoformat()}


def ok(sentence: str) -> Verdict:
    return Verdict(State.OK, sentence)


def warning(sentence: str, next_step: str) -> Verdict:
    return Verdict(State.WARNING, sentence, next_step)


def broken(sentence: str, next_step: str) -> Verdict:
    return Verdict(State.BROKEN, sentence, next_step)


def worst_first(findings: Iterable[Finding]) -> list[Finding]:
    """Among equals the order stays."""
    return sorted(findings, key=lambda finding: finding.state.rank)
