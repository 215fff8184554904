"""Takes pictures of the running product: `.venv/bin/python -m scripts.screenshots`.

It starts the product with the demo business on servers and ports of its own, says something in it,
and writes to docs/pictures those of the README, and to docs/pictures/pages a sheet of each page.
"""

import base64
import sys
import tempfile
from pathlib import Path

from playwright.sync_api import Browser, Page, expect

from app.demo import KNOWN_PASSWORD
from app.servers import embedded
from scripts import sheets
from tests.support import chromium
from tests.support.stack import Stack, running

PICTURES = Path(__file__).parent.parent / "docs" / "pictures"
SEED = (sys.executable, "-m", "flask", "--app", "wsgi", "prepare")
STAFF = "maya@bella.example"
SALON, PRIYA, TOM = "+14155550100", "+19175550163", "+13475550128"
WIDE, NARROW = (1440, 900), (390, 844)
# What Priya photographed: three tones of hair.
TONES = """<body style="margin:0;display:flex;gap:10px;padding:10px;background:#f3ece4">
  <i style="flex:1;border-radius:14px;background:linear-gradient(#3b2417,#8a5a36 55%,#e0b67d)"></i>
  <i style="flex:1;border-radius:14px;background:linear-gradient(#2d1c14,#6b3f26 55%,#b9793f)"></i>
  <i style="flex:1;border-radius:14px;background:linear-gradient(#241915,#4a2e24 55%,#7d4a36)"></i>
</body>"""


def main() -> None:
    path = chromium.find() or sys.exit("no Chromium was found: install chromium")
    PICTURES.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix="kaivox-", ignore_cleanup_errors=True) as name:
        folder = Path(name)
        # PostgreSQL runs as another user when we are root.
        folder.chmod(0o711)
        with (
            embedded(folder, durable=False) as urls,
            running(urls, folder, *SEED) as stack,
            chromium.launched(path) as browser,
        ):
            take(browser, stack)
            for sheet in sheets.take(browser, stack.web, PICTURES / "pages"):
                sys.stdout.write(f"{sheet.relative_to(PICTURES.parent.parent)}\n")


def take(browser: Browser, stack: Stack) -> None:
    inbox = sign_in(browser, stack, WIDE, "light")
    talk(browser, stack, inbox)
    shoot(inbox, "inbox")
    inbox.goto(f"{stack.web}/calendar?view=week")
    shoot(inbox, "calendar")
    open_priya(evening := sign_in(browser, stack, WIDE, "dark"))
    shoot(evening, "inbox-dark")
    open_priya(pocket := sign_in(browser, stack, NARROW, "light"))
    shoot(pocket, "inbox-narrow")
    telephone = page(browser, NARROW, "light")
    telephone.goto(f"{stack.simulator}/phones/{PRIYA}?channel=whatsapp")
    shoot(telephone, "telephone")


def talk(browser: Browser, stack: Stack, inbox: Page) -> None:
    """Priya sends a picture, Maya answers, Priya reads it; Tom writes meanwhile."""
    say(
        stack,
        PRIYA,
        "whatsapp",
        "One more thing: could we go as warm as this? 😊",
        photograph(browser),
    )
    open_priya(inbox)
    expect(inbox.locator(".picture img")).to_be_visible()
    answer = (
        "Lovely! The one on the left suits you best. I have told Sofia, see you tomorrow at 11."
    )
    inbox.locator(".pick-whatsapp").click()
    inbox.get_by_label("Message", exact=True).fill(answer)
    inbox.get_by_role("button", name="Send", exact=True).click()
    state = inbox.locator(".msg", has_text=answer).locator(".state")
    # It waits a few seconds, in which it can be taken back.
    expect(state).to_have_text("Delivered", timeout=20_000)
    stack.simulate("POST", f"phones/{PRIYA}/read")
    expect(state).to_have_text("Read")
    say(stack, PRIYA, "whatsapp", "Perfect, see you then!")
    say(stack, TOM, "sms", "Could I come at 9:30 instead of 9?")
    expect(inbox.locator(".talk-unread", has_text="Tom Alvarez")).to_be_visible()
    expect(inbox.locator("#thread")).to_contain_text("Perfect, see you then!")
    expect(inbox.locator(".talk[aria-current] .unread")).to_have_count(0)


def say(stack: Stack, number: str, channel: str, body: str, *media: str) -> None:
    stack.simulate(
        "POST",
        f"phones/{number}/send",
        to=SALON,
        channel=channel,
        body=body,
        media=[{"data": each, "name": "picture.png"} for each in media],
    )


def photograph(browser: Browser) -> str:
    camera = page(browser, (360, 240), "light")
    camera.set_content(TONES)
    return base64.b64encode(camera.screenshot()).decode()


def sign_in(browser: Browser, stack: Stack, size: tuple[int, int], scheme: str) -> Page:
    opened = page(browser, size, scheme)
    opened.goto(f"{stack.web}/login")
    opened.get_by_label("Email").fill(STAFF)
    opened.get_by_label("Password").fill(KNOWN_PASSWORD)
    opened.get_by_role("button", name="Sign in").click()
    opened.locator(".talk").first.wait_for()
    return opened


def open_priya(inbox: Page) -> None:
    inbox.locator(".talk", has_text="Priya Nair").click()
    inbox.locator(".msg").first.wait_for()


def page(browser: Browser, size: tuple[int, int], scheme: str) -> Page:
    return browser.new_page(
        viewport={"width": size[0], "height": size[1]},
        color_scheme="dark" if scheme == "dark" else "light",
        timezone_id="America/New_York",
    )


def shoot(opened: Page, name: str) -> None:
    opened.wait_for_load_state("load")
    opened.screenshot(path=PICTURES / f"{name}.png")
    sys.stdout.write(f"docs/pictures/{name}.png\n")


if __name__ == "__main__":
    main()
