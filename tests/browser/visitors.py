"""People at their browsers, and the telephones of customers in other tabs."""

from collections.abc import Callable
from contextlib import ExitStack
from typing import Any, Self

from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page, WebError

from tests.support.stack import Stack
from tests.support.world import PASSWORD

# Far from the business's zone: what is shown must not depend on the browser's.
ELSEWHERE = "Asia/Tokyo"
# A page of the product's address, for which the browser need not start another process. It asks
# for nothing.
REST = "/health/live"
SignIns = dict[tuple[str, int], BrowserContext]


class Visitors:
    """Opens pages for one test, and notes what they complain of."""

    def __init__(self, browser: Browser, stack: Stack, signed_in: SignIns) -> None:
        self.stack = stack
        self.expected: list[str] = []
        """Parts of complaints that the test provokes, such as the status of a refusal."""
        self._browser, self._signed_in = browser, signed_in
        self._complaints: list[str] = []
        self._leaving = ExitStack()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *error: object) -> None:
        self._leaving.close()

    def sign_in(self, email: str, width: int = 1280, height: int = 800) -> Page:
        """Their tab, which rests between tests: a new one costs as much as two pages. They fill in
        the form the first time that any test wants them."""
        context = self._signed_in.get((email, width))
        if context is None:
            context = self._signed_in[email, width] = self._context(width, height)
            page = self._listening(context).new_page()
            fill_in(page, email, PASSWORD)
            page.wait_for_url(lambda url: "/login" not in url)
        else:
            page = self._listening(context).pages[0]
            page.set_viewport_size({"width": width, "height": height})
        self._leaving.callback(_rest, context)
        return page

    def stranger(self, **options: Any) -> Page:
        """Somebody who has not signed in; options of their browser as Playwright has them."""
        context = self._listening(self._context(1280, 800, **options))
        self._leaving.callback(context.close)
        return context.new_page()

    def telephone(self, page: Page, number: str, channel: str = "sms") -> Page:
        """A customer's telephone, in another tab."""
        tab = page.context.new_page()
        tab.goto(f"{self.stack.simulator}/phones/{number}?channel={channel}")
        return tab

    def complaints(self) -> list[str]:
        return [
            text
            for text in self._complaints
            if not any(expected in text for expected in self.expected)
        ]

    def _context(self, width: int, height: int, **options: Any) -> BrowserContext:
        usual: dict[str, Any] = {"base_url": self.stack.web, "timezone_id": ELSEWHERE}
        size = {"width": width, "height": height}
        context = self._browser.new_context(viewport=size, **(usual | options))
        context.set_default_timeout(10_000)
        return context

    def _listening(self, context: BrowserContext) -> BrowserContext:
        listeners: dict[str, Callable[..., None]] = {
            "console": self._on_console,
            "weberror": self._on_error,
        }
        for event, listener in listeners.items():
            context.on(event, listener)  # type: ignore[call-overload]
            self._leaving.callback(context.remove_listener, event, listener)
        return context

    def _on_console(self, message: ConsoleMessage) -> None:
        if message.type in ("error", "warning"):
            self._complaints.append(f"{message.type}: {message.text}")

    def _on_error(self, error: WebError) -> None:
        self._complaints.append(str(error.error))


def _rest(context: BrowserContext) -> None:
    """Leave what the test had open first: this has a time limit, and whatever ends routes or closes
    tabs has none, and waits for ever for a page that does not answer. What the pages keep in the
    browser goes: the next test finds it as a new one would be."""
    first, *others = context.pages
    first.goto(REST)
    first.evaluate("localStorage.clear(), sessionStorage.clear()")
    first.unroute_all()
    for tab in others:
        tab.close()


def fill_in(page: Page, email: str, password: str) -> None:
    """Fill in the form of the sign-in page, and send it."""
    page.goto("/login")
    page.get_by_label("Email").fill(email)
    page.get_by_label("Password").fill(password)
    page.get_by_role("button", name="Sign in").click()
