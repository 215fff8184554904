"""What staff pin and promise beside a thread, under their hands."""

from playwright.sync_api import expect

from tests.browser.steps import open_talk, writes

DESK = {"width": 1440, "height": 900}


def test_a_fact_is_pinned_beside_the_thread_and_a_colleagues_stays(page, stack, visitors):
    visitors.expected.append("status of 422")
    page.set_viewport_size(DESK)
    text = "Can I come on Friday with my dog?"
    writes(stack, "+12125550261", text)
    open_talk(page, text)
    pane = page.locator("#pane-body")
    expect(pane.locator(".memory")).to_contain_text(text)
    # What the pane has more than the window is scrolled in the pane; the page stays where it is.
    page.set_viewport_size({"width": 1440, "height": 500})
    assert pane.evaluate("part => part.scrollHeight > part.clientHeight")
    assert page.evaluate("document.documentElement.scrollHeight <= innerHeight")
    page.set_viewport_size(DESK)
    pane.locator("#pin").fill("Afraid of <b>dryers</b>")
    pane.get_by_role("button", name="Pin", exact=True).click()
    fact = pane.locator(".pinned li")
    expect(fact).to_contain_text("Afraid of <b>dryers</b>")
    # A colleague changes it while it is open here.
    fact.locator("summary").click()
    form = fact.locator("form").first
    seen = {"fact": "Afraid of loud dryers", "version": "1"}
    csrf = page.locator("meta[name=csrf-token]").get_attribute("content")
    fact.locator("[name=fact]").fill("Mine")
    answer = page.request.post(
        form.evaluate("form => form.action"),
        form=seen,
        headers={"Accept": "application/json", "X-CSRFToken": csrf},
    )
    assert answer.ok
    form.get_by_role("button", name="Save").click()
    expect(form.get_by_role("status")).to_contain_text("“Afraid of loud dryers”")
    page.reload()
    expect(fact).to_contain_text("Afraid of loud dryers")


def test_a_promise_stays_in_sight_until_it_is_done(page, stack):
    page.set_viewport_size(DESK)
    text = "Please call me about the colour"
    writes(stack, "+12125550262", text)
    open_talk(page, text)
    page.locator("#menu-promise summary").click()
    page.locator("#menu-promise").get_by_role("button", name="Tomorrow").click()
    promised = page.get_by_label("Promised", exact=True)
    expect(promised).to_contain_text("Call back")
    expect(page.locator("#pane-body .memory")).to_contain_text("Promised")
    promised.get_by_role("button", name="Done").click()
    expect(promised).to_have_count(0)
    expect(page.locator("#pane-body .memory")).not_to_contain_text("Promised")
