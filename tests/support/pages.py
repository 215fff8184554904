"""The pages of the product, found as people find them: by the menu, and by the links in pages."""

import re
from collections.abc import Iterator

from playwright.sync_api import Page

LINKS = "all => all.map((each) => each.getAttribute('href'))"
# No page of its own: another site, where one is led on from, a file, a part of a page.
NO_PAGE = re.compile(r"^[^/]|^/$|csv|part=|/file$|\.json$")


def pages(visitor: Page, seen: set[str]) -> Iterator[str]:
    """Open the pages of the menu, and those that they lead to: one of each kind not in `seen`."""
    visitor.goto("/")
    waiting: list[str] = visitor.locator("#nav a").evaluate_all(LINKS)
    while waiting:
        address = waiting.pop(0)
        if kind(address) in seen or NO_PAGE.search(address):
            continue
        seen.add(kind(address))
        visitor.goto(address)
        yield kind(address)
        waiting += visitor.locator("main a[href]").evaluate_all(LINKS)


def kind(address: str) -> str:
    """What is the same for pages that look the same: any id, any panel's form."""
    path = re.sub(r"\d+", "N", address.partition("?")[0])
    return re.sub("/admin/[a-z-]+/(new|edit|details)/", r"/admin/N/\1/", path)
