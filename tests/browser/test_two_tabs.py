"""An operator with two tabs, each with another business."""

import re

import pytest
from playwright.sync_api import Page, expect

from tests.browser.steps import got, message, open_talk, talk, writes

SALON, GARAGE = "Bella's Salon", "Strangers' Garage"
REFUSED = "status of 409"
# As in a browser where tabs cannot hear each other, or one that was asleep meanwhile.
DEAF = "window.BroadcastChannel = class { postMessage() {} }"


@pytest.fixture
def other(operator: Page, visitors):
    """The operator's other tab, in the salon; in the end whatever was entered is left."""
    visitors.expected.append(REFUSED)
    work_in(operator, SALON)
    yield operator
    operator.goto("/admin/tenants/")
    operator.get_by_role("button", name="Leave").click()


@pytest.fixture
def tab(other: Page) -> Page:
    """Opened in the salon as long as that is entered, and told by the server alone."""
    tab = other.context.new_page()
    tab.add_init_script(DEAF)
    return tab


def work_in(page: Page, business: str) -> None:
    """Enter it from the list, without opening its inbox: each has a stream, and there are few."""
    page.goto("/admin/tenants/")
    door = page.get_by_role("link", name=f"Work in {business}").get_attribute("href")
    token = page.locator("[name=csrf_token]").first.input_value()
    form = {"csrf_token": token, "reason": "They asked us to look", "may_change": "y"}
    entered = page.request.post(door, form=form, max_redirects=0)
    assert entered.status == 302
    page.goto("/admin/tenants/")
    expect(page.get_by_text(f"You are working in {business}")).to_be_visible()


def expect_told(page: Page) -> None:
    expect(page.get_by_role("alert").filter(has_text=f"You work in {GARAGE} now.")).to_be_visible()
    expect(page.locator("#elsewhere")).to_contain_text("Reload this page.")


def test_a_page_shows_nothing_of_the_business_that_was_entered_in_the_other_tab(tab, other, stack):
    writes(stack, "+12125550261", "Hello from the salon's side", name="Sal Side")
    open_talk(tab, "Hello from the salon's side")
    shown = []
    tab.expose_function("note", lambda html: shown.append(html))
    tab.evaluate(
        "new MutationObserver(() => note(document.body.innerHTML))"
        ".observe(document.body, { childList: true, subtree: true })"
    )
    work_in(other, GARAGE)
    writes(stack, "+12125550261", "News of the salon", name="Sal Side")
    expect_told(tab)
    asked = []
    tab.on("request", lambda request: asked.append(request.url))
    writes(stack, "+12125550261", "And more of it", name="Sal Side")
    tab.wait_for_timeout(1500)
    assert asked == [], "it looks no more"
    assert "Ann Garage" not in tab.content() + "".join(shown)
    expect(talk(tab, "Hello from the salon's side")).to_be_visible()

    tab.goto("/messages")
    expect(talk(tab, "Ann Garage")).to_be_visible()
    expect(tab.locator("#elsewhere")).to_be_hidden()


def test_an_answer_is_not_sent_and_stays_where_it_was_written(tab, other, stack):
    writes(stack, "+12125550262", "Can you repair it?")
    open_talk(tab, "Can you repair it?")
    work_in(other, GARAGE)
    body = tab.get_by_label("Message", exact=True)
    body.fill("A draft for the salon's customer")
    tab.get_by_role("button", name="Send", exact=True).click()
    error = tab.locator("#composer-error")
    expect(error).to_contain_text(f"You work in {GARAGE} now, and this page is of {SALON}")
    expect(error).to_contain_text("nothing was changed")
    expect(body).to_have_value("A draft for the salon's customer")
    expect_told(tab)

    work_in(other, SALON)
    tab.get_by_role("button", name="Send", exact=True).click()
    expect(error).to_be_hidden()
    open_talk(other, "A draft for the salon's customer")
    expect(message(other, "A draft for the salon's customer")).to_have_count(1)
    expect(message(other, "A draft").locator(".state")).to_have_text(re.compile("Sent|Delivered"))
    assert got(stack, "+12125550262") == ["A draft for the salon's customer"]


def test_a_form_is_not_saved_and_what_was_typed_is_still_there(tab, other):
    tab.goto("/admin/services/new/")
    work_in(other, GARAGE)
    tab.get_by_label("Name").fill("Highlights")
    tab.get_by_label("Minutes", exact=True).fill("45")
    tab.get_by_role("button", name="Save", exact=True).click()
    expect(tab.get_by_role("heading", name=f"You work in {GARAGE} now")).to_be_visible()
    expect(tab.get_by_text("Highlights")).to_be_visible()
    for business in (GARAGE, SALON):
        work_in(other, business)
        other.goto("/admin/services/")
        expect(other.locator("tbody")).not_to_contain_text("Highlights")
    with tab.context.expect_page() as opened:
        tab.get_by_role("link", name=f"Work in {SALON} again").click()
    opened.value.get_by_label("Why").fill("To go on")
    opened.value.get_by_role("button", name=f"Work in {SALON}").click()
    expect(opened.value.get_by_text(f"You are working in {SALON}")).to_be_visible()
    expect(tab.get_by_text("Highlights")).to_be_visible()


def test_deleting_several_is_refused_too(tab, other):
    tab.goto("/admin/services/")
    work_in(other, GARAGE)
    tab.once("dialog", lambda dialog: dialog.accept())
    tab.locator("tbody").get_by_role("checkbox").first.check()
    tab.get_by_role("button", name="Delete", exact=True).click()
    expect(tab.get_by_role("heading", name=f"You work in {GARAGE} now")).to_be_visible()
    other.goto("/admin/services/")
    expect(other.locator("tbody")).to_contain_text("Cut")


def look_up_somebody(page: Page) -> None:
    page.locator(".select2-choice").first.click()
    page.locator(".select2-input:visible").fill("ann")


def preview_a_template(page: Page) -> None:
    page.get_by_label("Text", exact=True).fill("Anything else")


def change_the_settings(page: Page) -> None:
    page.get_by_label("Hours before").fill("48")


def come_back(page: Page) -> None:
    page.evaluate("document.dispatchEvent(new Event('visibilitychange'))")


@pytest.mark.parametrize(
    ("path", "act"),
    [
        ("/calendar/new", look_up_somebody),
        ("/admin/appointments/new/", look_up_somebody),
        ("/settings/notifications", change_the_settings),
        ("/settings/notifications?tab=texts#template", preview_a_template),
        ("/calendar", come_back),
        ("/messages", come_back),
    ],
)
def test_whatever_a_page_asks_for_it_is_told(tab, other, path, act):
    tab.goto(path)
    if path.endswith("#template"):
        tab.locator("a[href*='message-templates/']").first.click()
        expect(tab.get_by_label("Text", exact=True)).to_be_visible()
    work_in(other, GARAGE)
    act(tab)
    expect_told(tab)
    assert "Ann Garage" not in tab.content()


def test_other_tabs_are_told_as_soon_as_a_business_is_entered_or_left(other):
    form = other.context.new_page()
    form.goto("/admin/services/new/")
    work_in(other, SALON)
    expect(form.locator("#elsewhere")).to_be_hidden()
    other.get_by_role("button", name="Leave").click()
    expect(form.locator("#elsewhere")).to_have_text(re.compile("You work in no business now."))
    work_in(other, GARAGE)
    expect_told(form)
    expect(other.locator("#elsewhere")).to_be_hidden()


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_bar_is_on_top_of_every_page_however_far_one_scrolled(other, scheme):
    other.emulate_media(color_scheme=scheme)
    for width in (1440, 390):
        other.set_viewport_size({"width": width, "height": 500})
        for path in (
            "/messages",
            "/messages/2",
            "/settings/notifications",
            "/calendar",
            "/password",
        ):
            other.goto(path)
            other.mouse.wheel(0, 2000)
            bar = other.locator(".visiting")
            expect(bar).to_be_in_viewport(ratio=1)
            expect(bar).to_contain_text("salon")
            expect(bar.get_by_role("button", name="Leave")).to_be_in_viewport(ratio=1)
            assert other.evaluate("document.documentElement.scrollWidth <= innerWidth"), path
    other.emulate_media(color_scheme="light")
    other.set_viewport_size({"width": 1280, "height": 800})
