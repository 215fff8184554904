"""An email's HTML stays in its frame: it runs nothing, sends nothing, and leads nobody away."""

import re
from collections.abc import Callable
from email.message import EmailMessage

import pytest
import requests
from playwright.sync_api import FrameLocator, Page, Request, expect

from app.lib.mail.letter_page import content_security_policy
from app.simulator.mail.answering import PICTURE
from tests.browser.seed import EMAIL_TOKEN
from tests.browser.steps import message, open_talk
from tests.browser.visitors import Visitors
from tests.support.email_in import written
from tests.support.stack import Stack

EVIL = "https://evil.example"
HOSTILE = f"""
<script>top.document.title = "taken"; fetch("{EVIL}/script")</script>
<img src=x onerror="top.location = '{EVIL}/onerror'">
<meta http-equiv="refresh" content="0;url={EVIL}/refresh">
<base href="{EVIL}/">
<form action="{EVIL}/form" target="_top"><button id="post">Send</button></form>
<form action="/logout" method="post" target="_top"><button id="out">Out</button></form>
<a id="top" href="{EVIL}/top" target="_top">See</a>
<div style="position:fixed;inset:0;z-index:99999;background:url({EVIL}/css)">Cover</div>
<svg onload="top.location = '{EVIL}/svg'"><a xlink:href="javascript:alert(1)">s</a></svg>
<iframe src="{EVIL}/frame"></iframe><object data="{EVIL}/object"></object>
<link rel="stylesheet" href="{EVIL}/sheet"><style>@import url({EVIL}/import);</style>
<video autoplay src="{EVIL}/video"></video>
<p id="end">The end of it</p>
"""
HISTORY = (
    "<p>On Tue, Nov 3, 2026 at 5 PM Bella &lt;b@salon.example&gt; wrote:</p>"
    "<blockquote>What you had asked</blockquote>"
)


@pytest.fixture(autouse=True)
def looks_into_the_frame(visitors: Visitors) -> None:
    """Playwright's own scripts, too, are turned away there, and the console says so."""
    visitors.expected += ["sandboxed"]


def comes(stack: Stack, text: str, html: str) -> None:
    """A customer emails the salon, with a picture in the text."""
    mail = written(text, Subject="")
    mail.add_alternative(html, subtype="html")
    part = list(mail.iter_parts())[1]
    assert isinstance(part, EmailMessage)
    part.add_related(PICTURE, "image", "png", cid="<sign@lee>")
    url = f"{stack.web}/api/email/salon/inbound?token={EMAIL_TOKEN}"
    headers = {"Content-Type": "message/rfc822"}
    assert requests.post(url, mail.as_bytes(), headers=headers, timeout=10).status_code == 200


def opened(page: Page, text: str) -> FrameLocator:
    """The frame of that email, in its thread."""
    open_talk(page, text)
    message(page, text).get_by_text("Show as it was sent").click()
    return message(page, text).frame_locator("iframe")


def asked_for(page: Page) -> Callable[[], list[str]]:
    """What the page asks of others than us from now on, and its policy does not stop."""
    found: list[Request] = []
    page.on("request", lambda request: found.append(request) if EVIL in request.url else None)
    return lambda: [request.url for request in found if request.failure != "csp"]


def test_an_email_is_shown_as_it_was_sent_with_its_picture_and_its_history_folded(page, stack):
    html = f'<p>Like <b>this</b>: <img src="cid:sign@lee" alt="Sign"></p>{HISTORY}'
    comes(stack, "Shown as sent", html)
    frame = opened(page, "Shown as sent")
    expect(frame.locator("b")).to_have_text("this")
    expect(frame.get_by_alt_text("Sign")).to_have_js_property("naturalWidth", 24)
    expect(frame.get_by_text("What you had asked")).to_be_hidden()
    frame.get_by_text("Show what it quotes").click()
    expect(frame.get_by_text("What you had asked")).to_be_visible()


def test_nothing_in_it_acts(page, stack, visitors):
    visitors.expected += ["Blocked", "Content Security Policy"]
    comes(stack, "Harmless text", HOSTILE)
    wanted = asked_for(page)
    frame = opened(page, "Harmless text")
    expect(frame.get_by_text("The end of it")).to_be_visible()
    expect(frame.locator("form, script, svg, iframe, object, style:not(head style)")).to_have_count(
        0
    )
    with page.context.expect_page() as beside:
        frame.get_by_text("See", exact=True).click()
    beside.value.close()
    expect(page).not_to_have_title(re.compile("taken"))
    assert page.url.startswith(stack.web)
    assert [url for url in wanted() if not url.endswith("/top")] == []


@pytest.mark.parametrize("deed", ["#post", "#out", "#top"])
def test_what_would_get_past_the_cleaning_has_no_rights_either(page, stack, visitors, deed):
    visitors.expected += ["Blocked", "Content Security Policy", "Unsafe attempt"]
    text = f"Second wall {deed[1:]}"
    comes(stack, text, "<p>Hi</p>")
    headers = {"Content-Security-Policy": content_security_policy()}
    body = f"<!doctype html>{HOSTILE}"
    page.route(
        "**/emails/*",
        lambda route: route.fulfill(body=body, content_type="text/html", headers=headers),
    )
    wanted = asked_for(page)
    frame = opened(page, text)
    expect(frame.get_by_text("The end of it")).to_be_attached()
    frame.locator(deed).dispatch_event("click")
    page.wait_for_timeout(300)
    expect(page).not_to_have_title(re.compile("taken"))
    assert page.url.startswith(f"{stack.web}/messages/")
    expect(page.get_by_label("Message", exact=True)).to_be_visible()
    assert [url for url in wanted() if not url.endswith("/top")] == []


def test_pictures_from_the_internet_are_loaded_when_staff_ask_for_them(page, stack, visitors):
    visitors.expected += ["Failed to load resource", "ERR_"]
    comes(stack, "With a pixel", f'<p>Hi</p><img src="{EVIL}/pixel.png" alt="Pixel">')
    wanted = asked_for(page)
    opened(page, "With a pixel")
    page.wait_for_timeout(300)
    assert wanted() == []
    message(page, "With a pixel").get_by_text("Load pictures from the internet").click()
    frame = message(page, "With a pixel").frame_locator("iframe")
    expect(frame.locator(f'img[src="{EVIL}/pixel.png"]')).to_be_attached()
    assert wanted() == [f"{EVIL}/pixel.png"]


def test_it_stays_open_as_the_thread_changes(page, stack):
    comes(stack, "Long letter", "<p>Long <b>letter</b></p>")
    frame = opened(page, "Long letter")
    expect(frame.locator("b")).to_be_visible()
    comes(stack, "And one more", "<p>And one more</p>")
    expect(message(page, "And one more")).to_be_visible()
    expect(frame.locator("b")).to_be_visible()
