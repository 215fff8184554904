"""The conversations beside the open one."""

from datetime import datetime
from zoneinfo import ZoneInfo

from playwright.sync_api import expect

from tests.browser.steps import count, open_talk, talk, writes
from tests.support.stack import until

NEW_YORK = ZoneInfo("America/New_York")


def test_a_conversation_shows_its_channel_preview_unread_mark_and_time_in_the_business_zone(
    page, stack
):
    page.goto("/messages")
    writes(stack, "+12125550201", "Is Tuesday free?", "whatsapp", name="Uma Stone")
    row = talk(page, "Uma Stone")
    expect(row).to_contain_text("Is Tuesday free?")
    expect(row.locator(".tag")).to_have_text("WhatsApp")
    expect(row.get_by_label("1 unread")).to_be_visible()

    shown = row.locator("time")
    instant = datetime.fromisoformat(shown.get_attribute("datetime"))
    expect(shown).to_have_text(f"{instant.astimezone(NEW_YORK):%-I:%M %p}")


def test_the_lists_carry_their_counts_which_follow(page, stack):
    page.goto("/messages")
    before = count(page, "Waiting for us")
    writes(stack, "+12125550202", "Count me, please")
    expect(talk(page, "Count me, please")).to_be_visible()
    assert count(page, "Waiting for us") == before + 1


def test_the_list_is_narrowed_by_channel_unread_and_name(page, stack):
    writes(stack, "+12125550203", "Plain and short")
    writes(stack, "+12125550204", "Green and free", "whatsapp", name="Wanda Vale")
    open_talk(page, "Plain and short")

    page.locator("#menu-folders > summary").click()
    page.locator(".menu-item").filter(has_text="WhatsApp").click()
    expect(talk(page, "Green and free")).to_be_visible()
    expect(talk(page, "Plain and short")).to_have_count(0)

    page.get_by_role("link", name="Open").click()
    page.locator("#menu-folders > summary").click()
    page.locator(".menu-item").filter(has_text="Unread").click()
    expect(talk(page, "Green and free")).to_be_visible()
    expect(talk(page, "Plain and short")).to_have_count(0)

    page.goto("/messages")
    page.get_by_label("Search customers").fill("wanda")
    page.keyboard.press("Enter")
    expect(page.locator("#talks .found-one")).to_have_count(1)
    expect(page.locator(".found-one", has_text="Wanda Vale")).to_be_visible()


def test_nothing_of_a_stranger_is_to_be_seen_anywhere(admin):
    for path in ("/messages", "/messages?q=garage", "/admin/customers/?search=garage"):
        admin.goto(path)
        assert "garage" not in admin.locator("main").inner_text().lower()
    for panel in ("customers", "messages", "appointments", "calls", "users", "services"):
        # All that the server tells this browser, shown or not.
        told = admin.request.get(f"/admin/{panel}/").text()
        assert told.count("<tr") > 1
        assert "garage" not in told.lower()
    # The stranger's customer was the first of all.
    assert admin.request.get("/messages/1").status == 404
    assert admin.request.get("/admin/customers/edit/?id=1").status == 404


def test_the_list_is_where_one_left_it_and_many_are_chosen_in_it(page, stack):
    for number in range(12):
        name = f"Walk {number:02}"
        writes(stack, f"+1212555{6000 + number}", f"Walking {number:02}", "whatsapp", name=name)
    page.set_viewport_size({"width": 1200, "height": 520})
    page.goto("/messages?view=all&q=walk")
    expect(page.locator(".talk")).to_have_count(12)
    page.locator("#talks").evaluate("list => { list.scrollTop = 300 }")
    place = page.locator("#talks").evaluate("list => list.scrollTop")
    talk(page, "Walk 05").click()
    expect(page.locator("#thread")).to_contain_text("Walking 05")
    assert page.url.endswith("?view=all&q=walk")
    expect(page.get_by_role("searchbox")).to_have_value("walk")
    expect(page.locator(".talk")).to_have_count(12)
    until(lambda: abs(page.locator("#talks").evaluate("list => list.scrollTop") - place) < 60)

    page.locator("#talks").evaluate("list => { list.scrollTop = 0 }")
    boxes = page.locator(".talk-pick")
    boxes.nth(0).click()
    boxes.nth(3).click(modifiers=["Shift"])
    expect(page.get_by_text("4 chosen")).to_be_visible()
    writes(stack, "+12125556001", "Walking again", "whatsapp", name="Walk 01")
    expect(talk(page, "Walking again")).to_be_visible()
    expect(page.get_by_text("4 chosen")).to_be_visible()
    page.locator("#bulk").get_by_role("button", name="Close").click()
    expect(page.locator("#bulk-said")).to_have_text("4 conversations closed.")
    expect(page.get_by_role("button", name="Clear")).to_be_hidden()
    expect(page.locator(".talk").filter(has_text="Closed")).to_have_count(4)
