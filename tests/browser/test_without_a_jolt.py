"""The page changes under a hand without taking anything from it."""

import re

from playwright.sync_api import Page, Request, expect

from tests.browser.steps import answer, message, open_talk, talk, thread, writes

ANN, BOB, CID = "+12125550381", "+12125550382", "+12125550383"
SELECTED = "getSelection().toString()"
SELECT = """element => {
  const range = document.createRange();
  range.selectNodeContents(element);
  getSelection().removeAllRanges();
  getSelection().addRange(range);
}"""
IN_ORDER = "rows => rows.map(row => row.id)"


def order(page: Page) -> list[str]:
    ids: list[str] = page.locator(".talk-list > li").evaluate_all(IN_ORDER)
    return ids


def news(page: Page):
    return page.locator("#talks-news")


def test_the_list_stays_under_the_pointer_and_under_the_keyboard(page, stack):
    for number, name in ((ANN, "Ann Above"), (BOB, "Bob Below")):
        writes(stack, number, f"I am {name}", "whatsapp", name=name)
        page.goto("/messages")
        expect(talk(page, name)).to_be_visible()
    ann, bob = talk(page, "Ann Above"), talk(page, "Bob Below")
    bob.hover()
    at, before = bob.bounding_box(), order(page)
    writes(stack, ANN, "More of Ann", "whatsapp", name="Ann Above")
    expect(ann).to_contain_text("More of Ann")
    writes(stack, CID, "Somebody new", "whatsapp", name="Cid New")
    expect(news(page)).to_have_text("2 new")
    expect(talk(page, "Cid New")).to_have_count(0)
    assert order(page) == before
    # The counts above may have become a little higher.
    assert abs(bob.bounding_box()["y"] - at["y"]) < 10

    page.mouse.move(900, 400)
    expect(talk(page, "Cid New")).to_be_visible()
    expect(news(page)).to_be_hidden()
    assert order(page)[0] == talk(page, "Cid New").locator("..").get_attribute("id")

    # The keyboard holds it, too, until it asks for what is new.
    page.locator("#q").focus()
    page.keyboard.press("Tab")
    while not page.evaluate("document.activeElement.matches('.talk')"):
        page.keyboard.press("Tab")
    held = page.evaluate("document.activeElement.dataset.customer")
    writes(stack, BOB, "Bob rises", "whatsapp", name="Bob Below")
    expect(news(page)).to_have_text("1 new")
    assert page.evaluate("document.activeElement.dataset.customer") == held
    news(page).focus()
    page.keyboard.press("Enter")
    expect(talk(page, "Bob rises")).to_be_focused()

    # Whatever moves at the very moment of a click: it lands on nobody else.
    page.locator(".talk-list > li").nth(1).hover()
    page.evaluate(
        "import('/static/js/live/guard.js').then(({guarded}) => { "
        "const list = document.querySelector('.talk-list'); "
        "guarded(list, () => list.prepend(list.lastElementChild)); })"
    )
    page.mouse.down()
    page.mouse.up()
    page.wait_for_timeout(300)
    assert page.url.endswith("/messages")


def test_what_is_begun_in_a_thread_stays_as_news_come_and_a_step_asks_for_one_line(page, stack):
    number = "+12125550384"
    writes(stack, number, "Select me please", "whatsapp", name="Sela Mark")
    open_talk(page, "Select me please")
    body = page.get_by_label("Message", exact=True)
    body.fill("I am half wri")
    page.locator("#life summary", has_text="Label").click()
    first = message(page, "Select me please").locator(".msg-body")
    first.evaluate(SELECT)
    page.evaluate("window.stayed = document.querySelector('.msg')")
    writes(stack, number, "And another", "whatsapp", name="Sela Mark")
    expect(message(page, "And another")).to_be_visible()
    assert page.evaluate(SELECTED) == "Select me please"
    assert page.evaluate("window.stayed.isConnected")
    expect(body).to_have_value("I am half wri")
    expect(page.locator("#life .menu-list").last).to_be_visible()
    page.keyboard.press("Escape")

    # The focus of the keyboard stays on what is in the thread.
    thread(page).focus()
    writes(stack, number, "A third", "whatsapp", name="Sela Mark")
    expect(message(page, "A third")).to_be_visible()
    expect(thread(page)).to_be_focused()

    asked: list[Request] = []
    stack.simulate("PUT", "faults", latency_ms=2500)
    sent = answer(page, "On its way")
    expect(sent.locator(".state")).to_have_text(re.compile("Queued|Sending"))
    page.wait_for_timeout(900)
    page.on("request", lambda request: asked.append(request))
    expect(sent.locator(".state")).to_have_text("Delivered")
    stack.simulate("DELETE", "faults")
    # That one types no more, colleagues are told: no look at anything.
    looks = [one.url for one in asked if "/messages" in one.url and one.method == "GET"]
    assert looks and all("part=message" in url for url in looks), looks
