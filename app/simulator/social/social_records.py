"""What is remembered of Meta: pages, people and what they say to one another."""

import secrets
from collections.abc import Iterator
from dataclasses import asdict, dataclass, field
from typing import Any, Literal

Kind = Literal["messenger", "instagram"]
Json = dict[str, Any]


@dataclass(slots=True)
class Page:
    """A Facebook page, with the Instagram account that is linked to it."""

    id: str
    name: str
    token: str
    instagram_id: str = ""
    instagram_name: str = ""
    subscribed: list[str] = field(default_factory=list)
    templates: list[Json] = field(default_factory=list)

    def account(self, kind: Kind) -> str:
        return self.instagram_id if kind == "instagram" else self.id


@dataclass(slots=True)
class Person:
    """Somebody as a page or an Instagram account knows them, by an id of its own making."""

    id: str
    kind: Kind
    account: str
    name: str = ""
    wrote: float = 0.0
    """When they last wrote, before anything that is remembered here."""


@dataclass(slots=True)
class Said:
    """One message, either way."""

    mid: str
    kind: Kind
    account: str
    person: str
    inbound: bool
    text: str
    created: float
    files: list[Json] = field(default_factory=list)
    metadata: str = ""
    app_id: str = ""
    answers: str = ""
    """The mid of what it answers."""
    terms: str = "RESPONSE"
    read: bool = False
    edits: int = 0
    deleted: bool = False
    reaction: str = ""
    """What the other side put to it."""
    webhook: str = ""
    """Of what a person wrote: pending, delivered, or what went wrong so far."""
    listed_from: float = 0.0


class Social:
    """Everything of Meta; changed by State.record alone."""

    def __init__(self) -> None:
        self.url = ""
        """Where the app's webhooks are posted."""
        self.pages: dict[str, Page] = {}
        self.people: dict[str, Person] = {}
        self.said: dict[str, Said] = {}

    def put_url(self, data: Json) -> None:
        self.url = data["url"]

    def put_page(self, data: Json) -> None:
        self.pages[data["id"]] = Page(**data)

    def put_person(self, data: Json) -> None:
        self.people[data["id"]] = Person(**data)

    def say(self, data: Json) -> None:
        self.said[data["mid"]] = Said(**data)

    def change(self, data: Json) -> None:
        if said := self.said.get(data["mid"]):
            for name, value in data.items():
                setattr(said, name, value)

    def lines(self) -> Iterator[tuple[str, Json]]:
        """For the journal: what brings all of it back."""
        yield "social_url", {"url": self.url}
        yield from (("social_page", asdict(each)) for each in self.pages.values())
        yield from (("social_person", asdict(each)) for each in self.people.values())
        yield from (("social_said", asdict(each)) for each in self.said.values())

    def page_of(self, account: str) -> Page | None:
        """The page of that id, or that the Instagram account is linked to."""
        found = (each for each in self.pages.values() if account in (each.id, each.instagram_id))
        return next(found, None) if account else None

    def thread(self, person: str) -> list[Said]:
        return [each for each in self.said.values() if each.person == person]

    def opened(self, person: str) -> float:
        """When they last wrote."""
        before = self.people[person].wrote
        return max((each.created for each in self.thread(person) if each.inbound), default=before)


def new_mid(kind: Kind) -> str:
    return ("aWdf" if kind == "instagram" else "m_") + secrets.token_hex(20)
