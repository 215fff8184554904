"""A long thread under somebody's eyes: where it begins, and what comes above it."""

from playwright.sync_api import expect

from tests.browser.steps import message, open_talk, thread, writes

WRITER = "+12125550271"
LONG = "https://example.test/" + "x" * 1_500
TOP_OF_FIRST = "document.getElementById('new').getBoundingClientRect().top"
FITS = "document.documentElement.scrollWidth <= innerWidth"


def test_a_thread_opens_at_what_is_new_and_goes_back_without_a_jump(page, phone_of_staff, stack):
    for number in range(58):
        writes(stack, WRITER, f"Line {number} of a long story")
    writes(stack, WRITER, LONG)
    page.goto("/messages")
    expect(page.get_by_label("59 unread")).to_be_visible()
    writes(stack, WRITER, "The very last")
    open_talk(page, "The very last")
    # All of a page and more is unread: it begins at the first that is there.
    expect(page.locator("#new")).to_be_in_viewport()
    expect(page.get_by_label("Message", exact=True)).to_be_focused()
    before = page.evaluate(TOP_OF_FIRST)
    page.mouse.move(700, 400)
    page.mouse.wheel(0, -10)
    expect(thread(page).locator(".msg")).to_have_count(60)
    assert abs(page.evaluate(TOP_OF_FIRST) - before) < 15
    # What is fetched anew loses none of it, and comes once.
    writes(stack, WRITER, "And one more")
    expect(message(page, "And one more")).to_have_count(1)
    expect(thread(page).locator(".msg")).to_have_count(61)
    expect(page.get_by_role("link", name="Earlier messages")).to_have_count(0)
    assert page.evaluate(FITS)
    # Read by now: it opens at its end; on a telephone nothing calls the keyboard up.
    open_talk(phone_of_staff, "And one more")
    expect(message(phone_of_staff, "And one more")).to_be_in_viewport()
    expect(phone_of_staff.locator("#who")).to_be_focused()
    assert phone_of_staff.evaluate(FITS)
