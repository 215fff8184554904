"""People at their browsers, and the telephones of customers in other tabs."""

from contextlib import ExitStack
from typing import Any, Self

from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page

from tests.support.stack import Stack
from tests.support.world import PASSWORD

# Far from the business's zone: what is shown must not depend on the browser's.
ELSEWHERE = "Asia/Tokyo"


class Visitors:
    """Opens browsers, and notes what their pages complain of."""

    def __init__(self, browser: Browser, stack: Stack, sign_ins: dict[str, Any]) -> None:
        self.stack = stack
        self.expected: list[str] = []
        """Parts of complaints that the test provokes, such as the status of a refusal."""
        self._browser, self._sign_ins = browser, sign_ins
        self._complaints: list[str] = []
        self._contexts = ExitStack()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *error: object) -> None:
        self._contexts.close()

    def sign_in(self, email: str, width: int = 1280, height: int = 800) -> Page:
        """Their inbox; the form is filled in once for each of them."""
        known = self._sign_ins.get(email)
        context = self.context(width, height, storage_state=known)
        page = context.new_page()
        if known is None:
            fill_in(page, email, PASSWORD)
            page.wait_for_url(lambda url: "/login" not in url)
            self._sign_ins[email] = context.storage_state()
        return page

    def context(self, width: int = 1280, height: int = 800, **options: Any) -> BrowserContext:
        context = self._browser.new_context(
            base_url=self.stack.web,
            viewport={"width": width, "height": height},
            timezone_id=ELSEWHERE,
            **options,
        )
        context.set_default_timeout(10_000)
        self._contexts.callback(context.close)
        context.on("console", self._on_console)
        context.on("weberror", lambda error: self._complaints.append(str(error.error)))
        return context

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

    def _on_console(self, message: ConsoleMessage) -> None:
        if message.type in ("error", "warning"):
            self._complaints.append(f"{message.type}: {message.text}")


def fill_in(page: Page, email: str, password: str) -> None:
    """Fill in the form of the sign-in page, and send it."""
    page.goto("/login")
    page.get_by_label("Email").fill(email)
    page.get_by_label("Password").fill(password)
    page.get_by_role("button", name="Sign in").click()
