"""Staff who use no mouse."""

from playwright.sync_api import expect

from tests.browser.steps import writes


def test_the_inbox_by_keyboard_alone(page, stack):
    for number in (1, 2):
        writes(stack, f"+1212555024{number}", f"Key {number}", "whatsapp", name=f"Kay {number}")
    page.goto("/messages")
    expect(page.locator(".talk", has_text="Key 2")).to_be_visible()
    page.keyboard.press("j")
    page.keyboard.press("Enter")
    page.wait_for_url("**/messages/*")
    opened = page.url
    # On a desktop one can write at once; Escape gives the letters back.
    expect(page.get_by_label("Message", exact=True)).to_be_focused()
    page.keyboard.press("Escape")
    page.keyboard.press("s")
    expect(page.locator("#menu-snooze[open] button:focus")).to_be_visible()
    page.keyboard.press("Escape")
    page.keyboard.press("r")
    page.keyboard.type("jke? ")
    expect(page.get_by_label("Message", exact=True)).to_have_value("jke? ")
    assert page.url == opened, "letters are letters where one types"
    page.get_by_label("Message", exact=True).fill("")
    page.keyboard.press("Escape")

    page.keyboard.press("?")
    keys = page.get_by_role("dialog", name="Keyboard shortcuts")
    expect(keys.get_by_text("Close it, and go to the next")).to_be_visible()
    page.keyboard.press("Escape")
    page.keyboard.press("e")
    page.wait_for_url(lambda url: url != opened)

    page.keyboard.press("Control+k")
    field = page.get_by_role("combobox", name="Action, page or customer")
    expect(field).to_be_focused()
    expect(page.get_by_role("option", name="Snooze")).to_contain_text("s")
    field.fill("kay 2")
    expect(page.get_by_role("option", name="Kay 2")).to_have_attribute("aria-selected", "true")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="Kay 2")).to_be_visible()

    page.goto("/messages")
    page.keyboard.press("/")
    page.keyboard.type("kay 2")
    expect(page.locator(".found-one", has_text="Kay 2")).to_be_visible()
    page.goto("/messages/new")
    page.get_by_label("Name or mobile number").press_sequentially("kay 2")
    expect(page.get_by_role("option", name="Kay 2")).to_be_visible()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="Kay 2")).to_be_visible()
