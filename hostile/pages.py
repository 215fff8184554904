"""What pages offer: addresses and forms, as a browser finds them."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from html.parser import HTMLParser
from urllib.parse import parse_qsl, urlsplit

from flask import Flask
from werkzeug.exceptions import HTTPException
from werkzeug.routing import RequestRedirect

from hostile.people import Person
from hostile.probe import Pairs, Probe

# Of pages that differ in their rows alone so many are opened.
ALIKE = 2
TOKEN = "csrf_token"  # noqa: S105


@dataclass(frozen=True)
class Found:
    """A request that a page offers."""

    endpoint: str
    method: str
    path: str
    query: Pairs = ()
    form: Pairs | None = None

    @property
    def kind(self) -> tuple[object, ...]:
        """What it has in common with those that differ in their rows alone."""
        # Wherever it leads back to.
        names = frozenset(name for name, _ in self.query if name != "url")
        fields = None if self.form is None else frozenset(name for name, _ in self.form)
        return self.endpoint, self.method, names, fields


@dataclass
class Form:
    method: str
    action: str
    fields: list[tuple[str, str]] = field(default_factory=list)
    buttons: list[tuple[str, str]] = field(default_factory=list)

    @property
    def filled(self) -> list[list[tuple[str, str]]]:
        """What is sent, by each of its buttons."""
        return [[*self.fields, button] for button in self.buttons] or [self.fields]


class Reader(HTMLParser):
    """Collects what can be pressed on a page."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.addresses: list[str] = []
        self.forms: list[Form] = []
        self._form: Form | None = None
        self._select, self._area, self._first = "", "", False
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        self.addresses += [value for value in given.values() if value.startswith("/")]
        if tag == "form":
            self._form = Form(given.get("method", "get").upper(), given.get("action", ""))
            self.forms.append(self._form)
        name = given.get("name", "")
        if self._form is None or not (name or tag == "option"):
            return
        if tag == "select":
            self._select, self._first = name, True
        elif tag == "option" and self._select:
            self._choose(given)
        elif tag == "textarea":
            self._area = name
            self._form.fields.append((name, ""))
        elif given.get("type", tag) in ("submit", "button"):
            self._form.buttons.append((name, given.get("value", "")))
        elif tag == "input":
            boxed = given.get("type") in ("checkbox", "radio")
            if not boxed or "checked" in given:
                self._form.fields.append((name, given.get("value", "on" if boxed else "")))

    def _choose(self, given: dict[str, str]) -> None:
        """The first option stands until one is marked as chosen."""
        fields = self._form.fields if self._form else []
        if "selected" in given and not self._first and fields[-1][0] == self._select:
            fields.pop()
        if self._first or "selected" in given:
            fields.append((self._select, given.get("value", "")))
        self._first = False

    def handle_data(self, data: str) -> None:
        if self._area and self._form:
            name, value = self._form.fields.pop()
            self._form.fields.append((name, value + data))

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self._form = None
        elif tag == "select":
            self._select = ""
        elif tag == "textarea":
            self._area = ""


def walk(app: Flask, person: Person) -> list[Found]:
    """Everything that can be reached by links and buttons from the first page."""
    found: dict[Found, None] = {}
    waiting, opened, alike = ["/", *_without_arguments(app)], set[str](), Counter[object]()
    while waiting:
        address = waiting.pop(0)
        one = _at(app, "GET", address)
        if address in opened or one is None or one.endpoint.endswith("static"):
            continue
        opened.add(address)
        alike[one.kind] += 1
        if alike[one.kind] > ALIKE:
            continue
        found[one] = None
        answer = person.send(Probe(person.role, one.endpoint, "GET", one.path, one.query))
        if answer.location.startswith("/"):
            waiting.append(answer.location)
        page = Reader(answer.body if "text/html" in str(answer.headers) else "")
        waiting += page.addresses
        for each in _offered(app, page, address):
            alike[each.kind] += 1
            if alike[each.kind] <= ALIKE:
                found[each] = None
    return list(found)


def _without_arguments(app: Flask) -> list[str]:
    """Pages that no link may lead to."""
    rules = app.url_map.iter_rules()
    return [rule.rule for rule in rules if not rule.arguments and "GET" in (rule.methods or ())]


def _offered(app: Flask, page: Reader, here: str) -> Iterator[Found]:
    for form in page.forms:
        address = form.action or here
        one = _at(app, form.method, address)
        for filled in form.filled if one else ():
            fields = tuple(pair for pair in filled if pair[0] != TOKEN)
            yield _sent(one, fields)
    for address in page.addresses:
        # What scripts post to.
        if _at(app, "GET", address) is None and (one := _at(app, "POST", address)):
            yield Found(one.endpoint, "POST", one.path, one.query, ())


def _sent(one: Found, fields: Pairs) -> Found:
    if one.method == "GET":
        return Found(one.endpoint, "GET", one.path, one.query + fields)
    return Found(one.endpoint, one.method, one.path, one.query, fields)


def _at(app: Flask, method: str, address: str) -> Found | None:
    parts = urlsplit(address)
    try:
        endpoint, _ = app.url_map.bind("localhost").match(parts.path, method)
    except (HTTPException, RequestRedirect):
        return None
    return Found(
        endpoint, method, parts.path, tuple(parse_qsl(parts.query, keep_blank_values=True))
    )
