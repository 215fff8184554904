"""What axe-core (Deque) finds on a page: WCAG 2.2 A and AA, and its best practices.

The script comes with axe-playwright-python; its rules: https://dequeuniversity.com/rules/axe/4.12
"""

from typing import Literal

from axe_playwright_python.base import AXE_SCRIPT
from playwright.sync_api import Page

ALL = ("wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice")
# What a theme can change.
COLOURS = ("color-contrast", "link-in-text-block")
RUN = """async (rules) => {
  const found = await axe.run({ runOnly: rules, resultTypes: ["violations"], preload: false });
  return found.violations.flatMap(({ id, nodes }) => nodes.map(({ html }) => `${id}: ${html}`));
}"""
Theme = Literal["light", "dark"]


def violations(page: Page) -> list[str]:
    """What is wrong with the page: by day, by night, and on a telephone by night. It is left as it
    was."""
    page.evaluate(AXE_SCRIPT)
    size = page.viewport_size
    found = [
        *_found(page, 1440, "light", ALL),
        *_found(page, 1440, "dark", COLOURS),
        *_found(page, 390, "dark", ALL),
    ]
    page.emulate_media(color_scheme="null", reduced_motion="null")
    if size:
        page.set_viewport_size(size)
    return found


def _found(page: Page, width: int, theme: Theme, rules: tuple[str, ...]) -> list[str]:
    page.set_viewport_size({"width": width, "height": 900})
    # Colours that are on their way to others are nobody's.
    page.emulate_media(color_scheme=theme, reduced_motion="reduce")
    return [f"{page.url}, {width}, {theme}: {each}" for each in page.evaluate(RUN, list(rules))]
