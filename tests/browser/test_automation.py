"""A salon's admin builds a rule as a sentence, tries it, turns it on; and a customer writes."""

import pytest
from playwright.sync_api import Page, expect

from tests.browser.steps import got, open_talk, thread, writes
from tests.browser.test_on_a_telephone import WIDTHS
from tests.support.stack import Stack, until

ANN, ZOE = "+12125550281", "+12125550282"
TEXT = "Hi {{customer_name}}! Our prices: https://salon.example/prices"
BASE = "/settings/automation"


def add(page: Page, what: str, words: str) -> None:
    """Choose a condition or an action, and add it."""
    page.get_by_label(what).select_option(label=words)
    page.get_by_label(what).locator("..").get_by_role("button", name="Add").click()


def names(page: Page) -> list[str]:
    return page.locator(".auto-name").all_inner_texts()


def new_rule(page: Page, name: str) -> None:
    """A rule that stops others and does nothing else, turned off."""
    page.goto(f"{BASE}/new")
    page.get_by_label("Name").fill(name)
    add(page, "What is done", "close the conversation")
    expect(page.get_by_role("button", name="Take out: close the conversation")).to_be_visible()
    page.get_by_role("button", name="Save").last.click()
    expect(page.get_by_text("Saved. It is off")).to_be_visible()


@pytest.fixture
def tidy(admin: Page):
    """In the end there is none of the rules that the test made."""
    yield admin
    for name in ("Price list", "Below", "Lowest"):
        admin.goto(f"{BASE}/")
        while admin.get_by_role("link", name=name, exact=True).count():
            admin.get_by_role("link", name=name, exact=True).first.click()
            admin.once("dialog", lambda dialog: dialog.accept())
            admin.get_by_role("button", name="Delete").click()
            admin.wait_for_url(lambda url: url.endswith("automation"))


def test_a_price_is_asked_for_and_the_answer_arrives_once(tidy: Page, stack: Stack):
    page = tidy
    writes(stack, ANN, "The PRICE of a cut?")
    open_talk(page, "The PRICE of a cut?")
    page.goto(f"{BASE}/")
    page.get_by_role("link", name="New rule").first.click()
    page.get_by_label("Name").fill("Price list")
    add(page, "What has to hold", "the text contains any of these words: …")
    page.get_by_label("Words or phrases").fill("price, how much")
    add(page, "What is done", "send this text: …")
    text = page.get_by_label("Text", exact=True)
    text.fill("Hi {{custmer_name}}")
    expect(page.get_by_text("custmer_name is unknown: did you mean customer_name?")).to_be_visible()
    text.fill(TEXT)
    expect(page.locator(".seen-body").first).to_have_text(
        "Hi Maria! Our prices: https://salon.example/prices"
    )
    expect(page.get_by_text("By SMS 1 segment")).to_be_visible()

    page.get_by_role("button", name="Try it").click()
    tried = page.locator("#tried")
    expect(tried).to_be_focused()
    expect(tried.locator("li").filter(has_text="Would have run (212) 555-0281")).to_have_count(1)
    assert got(stack, ANN) == []
    page.get_by_role("button", name="Save").last.click()
    page.get_by_role("switch", name="Price list").click()
    expect(page.get_by_role("switch", name="Price list")).to_have_attribute("aria-checked", "true")

    writes(stack, ZOE, "What is the PRICE?", channel="whatsapp", name="Zoe Kim")
    until(lambda: got(stack, ZOE))
    assert got(stack, ZOE) == ["Hi Zoe! Our prices: https://salon.example/prices"]
    assert got(stack, ANN) == [], "what was written before stays unanswered"
    open_talk(page, "What is the PRICE?")
    line = thread(page).locator(".by-rule")
    expect(line).to_contain_text("Rule “Price list”: sent a text by WhatsApp")
    line.get_by_role("link").click()
    expect(page.locator(".auto-run").first).to_contain_text("What is the PRICE?")
    expect(page.locator(".auto-run").first).to_contain_text("Zoe Kim")
    assert got(stack, ZOE) == ["Hi Zoe! Our prices: https://salon.example/prices"]


def test_rules_are_put_in_order_by_keyboard_and_by_hand(tidy: Page):
    page = tidy
    for name in ("Price list", "Below", "Lowest"):
        new_rule(page, name)
    page.goto(f"{BASE}/")
    before = names(page)
    assert before[-2:] == ["Below", "Lowest"]
    page.get_by_role("button", name="Move Lowest up").focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("status").filter(has_text="Lowest is number")).to_have_count(1)
    assert names(page)[-2:] == ["Lowest", "Below"]
    expect(page.get_by_role("button", name="Move Lowest up")).to_be_focused()

    page.locator("#order-said").evaluate("part => { part.textContent = ''; }")
    grip = page.locator("[data-name=Below] [data-grip]")
    grip.scroll_into_view_if_needed()
    above = page.locator("[data-name='Price list']").bounding_box()
    held = grip.bounding_box()
    assert above and held
    page.mouse.move(held["x"] + 8, held["y"] + 8)
    page.mouse.down()
    page.mouse.move(held["x"] + 8, above["y"] + 4, steps=9)
    page.mouse.up()
    expect(page.locator("#order-said")).to_contain_text("Below is number")
    assert names(page)[-3:] == ["Below", "Price list", "Lowest"]
    page.reload()
    assert names(page)[-3:] == ["Below", "Price list", "Lowest"]


def test_the_form_fits_a_telephone(phone_of_admin: Page):
    page = phone_of_admin
    page.goto(f"{BASE}/new")
    for words in ("the customer's language is …", "they wrote by …"):
        add(page, "What has to hold", words)
    add(page, "What is done", "send this text: …")
    expect(page.get_by_label("Text", exact=True)).to_be_focused()
    needed, there = page.evaluate(WIDTHS)
    assert needed <= there
