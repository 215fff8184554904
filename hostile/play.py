"""Asks, looks what became of it, and puts everything back."""

import re
from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from app.extensions import redis_client
from app.tenancy import tenant_in_scope
from hostile import table
from hostile.onlooker import Onlooker
from hostile.people import Person
from hostile.probe import Answer, Probe

# Where one person's data is taken along.
TAKES = ("privacy.show", "privacy.download")
KINDS = ("leaks", "changed", "errors", "let_in", "told_apart")
# So many of a kind are told at length.
TOLD = 20
# The address is there, whatever comes of what was sent.
TAKEN = (200, 201, 204, 302, 303, 422)
# What is another in every answer.
FRESH = (
    # What is signed at a time.
    re.compile(r"[\w-]{16,}(\.[\w-]{6})?\.[\w-]{27,}"),
    re.compile(r'(csrf_token"[^>]*value=|nonce[-=]|data-token=)["\']?[^"\'; >]+'),
    re.compile(r"[0-9a-f]{32}"),
    # What signs webhooks.
    re.compile(r"whsec_[\w+/=]+"),
    re.compile(r"/invitation/[\w-]+"),
    # Milliseconds.
    re.compile(r"\b\d{13}\b"),
    re.compile(r"(?<=session=)[^;]*"),
    # Gunicorn's clock.
    re.compile(r"^Date: .+", re.MULTILINE),
    re.compile(r"\d{4}-\d\d-\d\d[T_]\d\d[:-]\d\d[:-]\d\d[.\d]*"),
)


@dataclass
class Score:
    probes: int = 0
    real: int = 0
    """Of these, asked of gunicorn."""
    findings: Counter[str] = field(default_factory=Counter)
    notes: list[str] = field(default_factory=list)
    wrote: set[str] = field(default_factory=set)
    """Endpoints by which some request changed something, as it may."""
    answered: set[str] = field(default_factory=set)
    """Endpoints that take what may change something, from whoever asked so."""

    def note(self, kind: str, probe: Probe, what: str) -> None:
        self.findings[kind] += 1
        if self.findings[kind] <= TOLD:
            self.notes.append(f"{kind}: {what}: {probe}")

    def add(self, other: "Score") -> None:
        self.probes += other.probes
        self.real += other.real
        self.findings += other.findings
        self.notes += other.notes
        self.wrote |= other.wrote
        self.answered |= other.answered

    @classmethod
    def of(cls, told: dict[str, Any]) -> "Score":
        """What told() said."""
        wrote, answered = set(told["wrote"]), set(told["answered"])
        return cls(
            told["probes"], told["real"], Counter(told["findings"]), told["notes"], wrote, answered
        )

    def told(self) -> dict[str, Any]:
        """For another process."""
        sets = {"wrote": sorted(self.wrote), "answered": sorted(self.answered)}
        return vars(self) | sets | {"findings": dict(self.findings)}

    @property
    def clean(self) -> bool:
        return not self.findings.total()

    def json(self) -> dict[str, int]:
        return {
            "probes": self.probes,
            "real": self.real,
            **{kind: self.findings[kind] for kind in KINDS},
        }


class Game:
    def __init__(self, people: Mapping[str, Person], onlooker: Onlooker) -> None:
        self._people, self._onlooker = people, onlooker
        self.score = Score()

    def play(
        self, probes: Iterable[Probe], over: Callable[[int], bool] = lambda done: False
    ) -> int:
        """Until it is over; how many were played."""
        done = 0
        for probe in probes:
            if over(done):
                break
            self.one(probe)
            done += 1
        return done

    def one(self, probe: Probe) -> None:
        person = self._people[probe.role]
        answer = self._ask(person, probe)
        if probe.twin:
            # What they have must look like what nobody has; a clock may have moved meanwhile.
            twin = probe.but(twin=False).about_nobody(person.words)
            if twin.asked == probe.asked:
                return
            apart = _apart(person, probe, answer, self._ask(person, twin))
            again = apart and _apart(
                person, probe, self._send(person, probe), self._send(person, twin)
            )
            if again:
                self.score.note("told_apart", probe, again)

    def _send(self, person: Person, probe: Probe) -> Answer:
        answer = _first_of_all(person, probe)
        if self._onlooker.changed():
            self._onlooker.restore()
        return answer

    def _ask(self, person: Person, probe: Probe) -> Answer:
        answer = _first_of_all(person, probe)
        self.score.probes += 1
        self._look_at_answer(person, probe, answer)
        changed = self._onlooker.changed()
        if changed:
            self._look_at_changes(person, probe, answer, changed)
            self._onlooker.restore()
        return answer

    def _look_at_answer(self, person: Person, probe: Probe, answer: Answer) -> None:
        note = self.score.note
        if answer.status >= 500 or tenant_in_scope():
            note("errors", probe, f"{answer.status}")
        if probe.no and not table.refused(answer, person.role):
            note("let_in", probe, f"answered {answer.status}")
        if probe.method != "GET" and not probe.strict and answer.status in TAKEN:
            self.score.answered.add(probe.endpoint)
        # Of which business a page was that is refused, the operator is told.
        by_operator = person.operator and (
            table.of_the_platform(probe.endpoint) or answer.status == 409
        )
        for words in person.hidden:
            if probe.link and words is person.words:
                continue
            if said := words.told(answer.all, probe.asked, by_operator):
                note("leaks", probe, f"{answer.status} tells «{said}»")

    def _look_at_changes(
        self, person: Person, probe: Probe, answer: Answer, changed: set[tuple[str, int | None]]
    ) -> None:
        platform = person.operator and table.of_the_platform(probe.endpoint)
        foreign = {(name, owner) for name, owner in changed if owner == person.foreign.id}
        if probe.strict:
            # That somebody took data along is written into their own business's log, or, what an
            # operator takes of all, into the platform's.
            takes = str(probe.endpoint).endswith(".export") or probe.endpoint in TAKES
            logs = {("audit_entry", person.own.id), ("platform_audit_entry", None)}
            wrong = changed - (logs if takes else set())
        elif platform:
            wrong = set()
        elif probe.link:
            wrong = {each for each in changed if each[1] != person.foreign.id}
        else:
            wrong = foreign
        if wrong:
            self.score.note("changed", probe, f"{answer.status}, {sorted(map(str, wrong))}")
        else:
            self.score.wrote.add(probe.endpoint)


def _first_of_all(person: Person, probe: Probe) -> Answer:
    """How often one may ask is a promise of its own: nobody has asked before."""
    redis_client().flushdb()
    return person.send(probe)


def _apart(person: Person, probe: Probe, one: Answer, other: Answer) -> str:
    """How the two answers differ, but for what was asked about; empty: in nothing."""
    if one.status != other.status:
        return f"{one.status}, and {other.status} of nobody's"
    told, of_nobody = (_plain(person, probe, each).splitlines() for each in (one, other))
    for here, there in zip(told, of_nobody, strict=False):
        if here != there:
            return f"{here.strip()[:200]!r}, and {there.strip()[:200]!r} of nobody's"
    return "" if len(told) == len(of_nobody) else "one is longer"


def _plain(person: Person, probe: Probe, answer: Answer) -> str:
    text = re.sub(r"Content-Length: \d+\n", "", answer.all)
    for fresh in FRESH:
        text = fresh.sub("~", text)
    return person.words.blurred(text, probe.asked)
