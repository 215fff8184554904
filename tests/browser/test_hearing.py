"""Customers write, and staff see it without reloading."""

import pytest
from playwright.sync_api import Page, Route, expect

from tests.browser.seed import SALON
from tests.browser.steps import listen, message, open_talk, talk, thread, writes


@pytest.fixture
def stays(page: Page):
    """Fails when the page was loaded anew after the call."""

    def mark() -> None:
        page.evaluate("window.stayed = true")

    yield mark
    assert page.evaluate("window.stayed")


@pytest.mark.parametrize("channel", ["sms", "whatsapp"])
def test_a_picture_from_a_telephone_appears_in_the_open_thread_and_the_list(
    page, stack, visitors, stays, channel
):
    number = {"sms": "+12125550221", "whatsapp": "+12125550222"}[channel]
    writes(stack, number, f"Hello by {channel}", channel, name="Pia Long")
    open_talk(page, f"Hello by {channel}")
    stays()

    telephone = visitors.telephone(page, number, channel)
    picture = {"name": "hair.png", "mimeType": "image/png", "buffer": telephone.screenshot()}
    telephone.locator("input[type=file]").set_input_files(picture)
    telephone.get_by_label("Message", exact=True).fill(f"Like this, by {channel}")
    telephone.keyboard.press("Enter")

    expect(message(page, f"Like this, by {channel}")).to_be_visible()
    expect(talk(page, f"Like this, by {channel}")).to_be_visible()
    image = thread(page).locator(".picture img")
    expect(image).to_have_js_property("naturalWidth", 1280)


def test_a_thread_opens_at_its_end_however_late_its_pictures_come(page, stack):
    writes(stack, "+12125550228", "Hello from the top")
    open_talk(page, "Hello from the top")
    picture = {"name": "hair.png", "mimeType": "image/png", "buffer": page.screenshot()}
    page.locator("input[type=file]").set_input_files([picture] * 3)
    page.get_by_label("Message", exact=True).fill("Four of them")
    page.get_by_role("button", name="Send", exact=True).click()
    expect(message(page, "Four of them")).to_be_visible()

    held: list[Route] = []
    page.route("**/media/*", lambda route: held.append(route))
    page.reload(wait_until="domcontentloaded")
    expect(message(page, "Four of them")).to_be_in_viewport()
    # Those that are held go on, and whatever is asked for from now on.
    page.unroute("**/media/*")
    assert held
    expect(thread(page).locator(".picture img").last).to_have_js_property("naturalWidth", 1280)
    expect(message(page, "Four of them")).to_be_in_viewport()


def test_an_unread_mark_comes_live_and_goes_once_somebody_has_read(page, stack, stays):
    page.goto("/messages")
    stays()
    writes(stack, "+12125550223", "First")
    expect(talk(page, "First").get_by_label("1 unread")).to_be_visible()
    writes(stack, "+12125550223", "Second")
    expect(talk(page, "Second").get_by_label("2 unread")).to_be_visible()

    colleague = page.context.new_page()
    open_talk(colleague, "Second")
    expect(talk(page, "Second").locator(".unread")).to_have_count(0)
    expect(talk(colleague, "Second").locator(".unread")).to_have_count(0)


def test_what_comes_while_the_thread_is_open_counts_as_read(page, stack, stays):
    writes(stack, "+12125550224", "Number one")
    open_talk(page, "Number one")
    stays()
    writes(stack, "+12125550224", "Two, just now")
    expect(message(page, "Two, just now")).to_be_visible()
    expect(talk(page, "Two, just now").locator(".unread")).to_have_count(0)


def test_a_new_number_becomes_a_customer(page, stack, stays):
    page.goto("/messages")
    stays()
    writes(stack, "+12125550225", "Hello, I am new here")
    expect(talk(page, "(212) 555-0225")).to_contain_text("Hello, I am new here")


def test_a_half_written_answer_outlives_news(page, stack, stays):
    writes(stack, "+12125550226", "A question", "whatsapp", name="Sam Ode")
    open_talk(page, "A question")
    stays()
    page.get_by_label("Message", exact=True).fill("I am still wri")
    page.locator(".pick-sms").click()
    writes(stack, "+12125550226", "And another", "whatsapp", name="Sam Ode")
    expect(message(page, "And another")).to_be_visible()
    expect(page.get_by_label("Message", exact=True)).to_have_value("I am still wri")
    expect(page.get_by_role("radio", name="SMS")).to_be_checked()


def test_what_a_customer_writes_is_text_and_nothing_else(page, stack):
    writes(stack, "+12125550227", "<img src=x onerror=alert(1)> & <b>bold</b>")
    open_talk(page, "<img src=x onerror=alert(1)>")
    expect(thread(page).locator("b, .msg-body img")).to_have_count(0)


def test_a_missed_call_comes_live_and_is_called_back(page, stack):
    page.goto("/messages")
    stack.simulate("POST", "phones/+12125550219/call", to=SALON, outcome="no-answer")
    called = page.locator("li").filter(has_text="(212) 555-0219")
    expect(called.get_by_label("1 unread")).to_be_visible()
    expect(called.get_by_role("link", name="Call back")).to_have_attribute(
        "href", "tel:+12125550219"
    )
    called.locator(".talk").click()
    expect(thread(page).get_by_role("link", name="Call back")).to_be_visible()
    # Whoever looks at it has read it.
    expect(called.get_by_label("1 unread")).to_have_count(0)
    stack.simulate("POST", "phones/+12125550219/call", to=SALON, outcome="no-answer")
    expect(thread(page).get_by_role("link", name="Call back")).to_have_count(2)


def test_a_stream_that_falls_silent_is_opened_anew(page, stack):
    page.clock.install()
    listen(page, "/messages")
    with page.expect_response(lambda answer: "/live/stream?" in answer.url):
        page.clock.fast_forward(36_000)
        page.clock.fast_forward(4_000)
