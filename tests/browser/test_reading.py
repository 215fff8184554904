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
    # As it is painted: what is drawn no more is measured anew within a frame or two.
    page.wait_for_function(f"Math.abs({TOP_OF_FIRST} - {before}) < 15")
    # What is fetched anew loses none of it, and comes once.
    writes(stack, WRITER, "And a word besides")
    expect(message(page, "And a word besides")).to_have_count(1)
    expect(thread(page).locator(".msg")).to_have_count(61)
    expect(page.get_by_role("link", name="Earlier messages")).to_have_count(0)
    page.wait_for_function(f"Math.abs({TOP_OF_FIRST} - {before}) < 15")
    days = thread(page).locator(".day:visible").all_inner_texts()
    assert len(days) == len(set(days))
    assert page.evaluate(FITS)
    # Read by now: it opens at its end; on a telephone nothing calls the keyboard up.
    open_talk(phone_of_staff, "And a word besides")
    expect(message(phone_of_staff, "And a word besides")).to_be_in_viewport()
    expect(phone_of_staff.locator("#who")).to_be_focused()
    assert phone_of_staff.evaluate(FITS)


def test_a_colleague_is_named_told_and_the_customer_put_right(page, admin, stack):
    number, text = "+12125550272", "Do you have my colour?"
    writes(stack, number, text)
    page.goto("/calendar")
    expect(page.get_by_role("link", name="Notices", exact=True)).to_be_visible()
    open_talk(admin, text)
    admin.get_by_text("Write a note for the team").click()
    note = admin.get_by_label("Note", exact=True)
    note.press_sequentially("Could you look, @st")
    expect(admin.get_by_role("option", name="Staff")).to_be_visible()
    note.press("Enter")
    expect(note).to_have_value("Could you look, @Staff ")
    admin.get_by_role("button", name="Keep note").click()
    expect(thread(admin).locator(".mention")).to_have_text("@Staff")
    # They are told while they look at something else, and what they read is read.
    page.get_by_role("link", name="Notices: 1 unread").click()
    page.get_by_role("link", name="Admin named you in a note about").first.click()
    expect(thread(page).get_by_text("Could you look,")).to_be_in_viewport()
    expect(page.get_by_role("link", name="Notices", exact=True)).to_be_visible()
    page.wait_for_load_state()
    page.get_by_role("button", name="About the customer").click()
    name = page.get_by_label("First name")
    name.fill("Uma <i>")
    name.press("Tab")
    expect(page.locator("#pane").get_by_text("Saved.")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.locator("#pane")).to_be_hidden()
    page.reload()
    expect(page.locator("#who")).to_have_text("Uma <i>")
