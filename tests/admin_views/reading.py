"""What a person reads on a panel's pages and in its exports."""

import csv
import re
from html import unescape
from html.parser import HTMLParser
from typing import Any

from sqlalchemy import select
from werkzeug.test import TestResponse

from app.extensions import Model, db
from app.tenancy import tenant_scope, unscoped
from tests.support.browser import Browser
from tests.support.world import Business

WRONG = r'class="[^"]*(?:flash|alert|invalid|help)[^"]*"[^>]*>\s*([^<]+)'


def told(answer: TestResponse) -> str:
    """What a page says to whoever sent the form, flashes and errors of fields."""
    return " | ".join(unescape(text.strip()) for text in re.findall(WRONG, answer.text))


def cells(page: str) -> str:
    """The text of a page without its marks."""
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", page)).split())


class _Form(HTMLParser):
    """The values that a page's fields have now, as a browser would send them."""

    def __init__(self) -> None:
        super().__init__()
        self.values: dict[str, str] = {}
        self._name = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        found = {name: value or "" for name, value in attrs}
        sent = found.get("type") not in ("radio", "checkbox", "submit") or "checked" in found
        if tag == "input" and found.get("name") and sent:
            self.values[found["name"]] = found.get("value", "on")
        if tag in ("select", "textarea"):
            self._name = found.get("name", "")
        if tag == "option" and ("selected" in found or self._name not in self.values):
            self.values[self._name] = found.get("value", "")


def filled(page: TestResponse) -> dict[str, str]:
    """The form of a page as it is filled in, but for its token."""
    form = _Form()
    form.feed(page.text)
    return {name: value for name, value in form.values.items() if name and name != "csrf_token"}


def anyway(page: TestResponse) -> dict[str, str]:
    """The answer that a page's question about an appointment offers."""
    found = re.search(r'name="anyway" value="([^"]+)"', page.text)
    assert found, told(page)
    return {"anyway": found[1]}


def exported(person: Browser, panel: str, **query: str) -> list[dict[str, str]]:
    """The rows of a panel's CSV, by the titles of its columns."""
    answer = person.get(f"/admin/{panel}/export/csv/", query_string=query, buffered=True)
    assert answer.status_code == 200, answer.status_code
    assert answer.mimetype == "text/csv"
    return list(csv.DictReader(answer.text.splitlines(keepends=True), strict=True))


def rows(business: Business, kind: type[Model]) -> list[Any]:
    """The business's rows as they stand now, by id."""
    db.session.rollback()
    db.session.expire_all()
    with tenant_scope(business.id):
        return list(db.session.scalars(select(kind).order_by(kind.id)))  # type: ignore[attr-defined]


def everybodys(kind: type[Model]) -> list[Any]:
    db.session.rollback()
    db.session.expire_all()
    with unscoped("a test"):
        return list(db.session.scalars(select(kind)))
