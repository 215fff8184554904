"""What waits for a person in a thread, under their hands."""

from playwright.sync_api import expect

from tests.browser.steps import open_talk, writes

ASKING = "Please stop texting me, really"


def test_whoever_may_want_no_more_messages_is_stopped_and_a_refused_question_does_nothing(
    page, stack
):
    writes(stack, "+12125550219", ASKING)
    open_talk(page, ASKING)
    banner = page.get_by_label("May want no more messages")
    stop = banner.get_by_role("button", name="Stop messages")
    # As the button that cancels an appointment asks; a live look may put another one in its place.
    page.locator("#second-thoughts").evaluate("form => { form.dataset.confirm = 'Sure?'; }")
    asked = []
    page.on("request", lambda request: asked.append(request.url) if "/stop" in request.url else 0)
    page.once("dialog", lambda dialog: dialog.dismiss())
    stop.click()
    expect(banner).to_be_visible()
    assert not asked
    page.once("dialog", lambda dialog: dialog.accept())
    stop.click()
    expect(banner).to_have_count(0)
    expect(page.locator(".spoken")).to_contain_text("Your team read this as a STOP")
    expect(page.locator("[name=channel]:checked")).to_have_count(0)


def test_what_came_of_a_button_is_said_until_something_else_is_done(page, stack):
    text = "Enough of your texts, stop texting me"
    writes(stack, "+12125550229", text)
    open_talk(page, text)
    said = page.get_by_role("status")
    page.route("**/keep", lambda route: route.fulfill(json={"said": "Kept, and Ann is told."}))
    keep = page.get_by_label("May want no more messages").get_by_role("button", name="Keep")
    keep.click()
    expect(said).to_have_text("Kept, and Ann is told.")
    page.unroute("**/keep")
    keep.click()
    expect(said).to_have_text("")
    expect(keep).to_have_count(0)
