"""Every page of the product on a sheet of its own: at 1440 and 390 pixels, by day and by night."""

import base64
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Literal

from playwright.sync_api import Browser, Page

from app.demo import KNOWN_PASSWORD
from tests.browser.visitors import fill_in
from tests.support.pages import pages

ADMIN, OPERATOR = "bella@bella.example", "operator@kaivox.example"
SIZES = (1440, 900), (390, 844)
THEMES: tuple[Literal["light", "dark"], ...] = ("light", "dark")
# Beside one another, as high as each other, as WebP: a tenth of what they are as PNG.
SHEET = """async (pictures) => {
  const height = 560, gap = 12;
  const images = await Promise.all(pictures.map(async (each) => {
    const image = new Image();
    image.src = `data:image/png;base64,${each}`;
    await image.decode();
    return image;
  }));
  const widths = images.map((each) => Math.round(each.width * height / each.height));
  const canvas = document.createElement("canvas");
  Object.assign(canvas, { height, width: widths.reduce((sum, each) => sum + each + gap, -gap) });
  const pen = canvas.getContext("2d");
  pen.imageSmoothingQuality = "high";
  let left = 0;
  images.forEach((each, at) => {
    pen.drawImage(each, left, 0, widths[at], height);
    left += widths[at] + gap;
  });
  return canvas.toDataURL("image/webp", .72).split(",")[1];
}"""


def take(browser: Browser, web: str, folder: Path) -> Iterator[Path]:
    """Write the sheets of all pages that the admin of a business and the operator can open."""
    folder.mkdir(exist_ok=True)
    seen: set[str] = set()
    desk = browser.new_page()
    for email in ADMIN, OPERATOR:
        visitor = browser.new_page(base_url=web, timezone_id="America/New_York")
        fill_in(visitor, email, KNOWN_PASSWORD)
        visitor.wait_for_url(lambda url: "/login" not in url)
        for kind in pages(visitor, seen):
            sheet = folder / f"{_name(kind)}.webp"
            sheet.write_bytes(base64.b64decode(desk.evaluate(SHEET, list(_looks(visitor)))))
            yield sheet


def _looks(page: Page) -> Iterator[str]:
    for width, height in SIZES:
        page.set_viewport_size({"width": width, "height": height})
        for theme in THEMES:
            page.emulate_media(color_scheme=theme, reduced_motion="reduce")
            yield base64.b64encode(page.screenshot(animations="disabled")).decode()


def _name(kind: str) -> str:
    """/customers/N is customers-one, /admin/N/new/ is admin-one-new."""
    return re.sub(r"\bN\b", "one", kind.strip("/")).replace("/", "-")
