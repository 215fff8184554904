"""The calendar under the hands of two people."""

from contextlib import suppress

from playwright.sync_api import expect

from tests.support.stack import until

DAY = "/calendar?day=2031-05-07"


def drag(block, slot, done):
    """Until it is done: now and then Chromium has a drag begin and, under Playwright's hand, never
    end. Then on a page of its own again."""

    def dropped():
        block.drag_to(slot, target_position={"x": 20, "y": 5})
        with suppress(AssertionError):
            until(done, 3)
            return True
        block.page.reload()
        return False

    until(dropped)


def test_who_books_moves_and_cancels_is_seen_by_who_looks_on(page, admin):
    admin.goto(DAY)
    page.goto(DAY)
    page.get_by_role("link", name="Book Sofia, 10:00 AM").click()
    page.locator(".select2-choice").click()
    page.locator(".select2-input").fill("ann salon")
    page.locator(".select2-result", has_text="Ann Salon").click()
    page.get_by_label("Service").select_option(label="Cut (60 min)")
    expect(page.get_by_label("Minutes", exact=True)).to_have_value("60")
    page.get_by_role("button", name="Book").click()
    seen = admin.get_by_label("Sofia", exact=True).locator(".cal-block")
    expect(seen).to_contain_text("Ann Salon 10:00 AM")

    # By hand to another person and hour, back, there again, and then by the form.
    expect(page.locator(".cal-block")).to_be_visible()
    # Its script is there, too.
    page.wait_for_load_state()
    slot = page.get_by_role("link", name="Book Leo, 2:30 PM")
    moved = admin.get_by_label("Leo", exact=True).locator(".cal-block")
    bar = page.locator("#calendar-moved")
    drag(
        page.locator(".cal-block"),
        slot,
        lambda: bar.get_by_text("Moved to 2:30 PM with Leo.").count(),
    )
    expect(bar).to_contain_text("Moved to 2:30 PM with Leo.")
    bar.get_by_role("button", name="Undo").click()
    expect(bar).to_contain_text("Put back to 10:00 AM with Sofia. Nobody was told.")
    expect(seen).to_contain_text("Ann Salon 10:00 AM")
    expect(page.get_by_label("Sofia", exact=True).locator(".cal-block")).to_be_visible()
    drag(page.locator(".cal-block"), slot, moved.count)
    expect(moved).to_contain_text("Ann Salon 2:30 PM")
    box, hour = moved.bounding_box(), admin.get_by_label("Book Leo, 2:30 PM").bounding_box()
    assert abs(box["y"] - hour["y"]) <= 2 and abs(box["height"] - 2 * hour["height"]) <= 2
    moved.click()
    expect(admin.locator("#notice")).to_contain_text("nobody is told")
    admin.get_by_label("Time").fill("09:15")
    admin.get_by_label("Time").press("Tab")
    expect(admin.locator("#notice")).to_contain_text("Ann")
    admin.get_by_role("button", name="Save").click()
    expect(page.locator(".cal-block")).to_contain_text("Ann Salon 9:15 AM")

    page.locator(".cal-block").click()
    page.once("dialog", lambda dialog: dialog.accept())
    page.get_by_role("button", name="Cancel appointment").click()
    expect(admin.locator(".cal-block")).to_have_count(0)
    admin.get_by_role("link", name="Show 1 cancelled").click()
    expect(admin.locator(".cal-block.cal-cancelled")).to_be_visible()


def test_what_is_dragged_onto_another_is_asked_about_before_it_is_moved(visitors, page):
    for hour in ("09:00", "14:00"):
        page.goto(f"/calendar/new?day=2031-05-14&time={hour}")
        page.locator(".select2-choice").click()
        page.locator(".select2-input").fill("ann salon")
        page.locator(".select2-result", has_text="Ann Salon").click()
        page.get_by_label("With").select_option(label="Sofia")
        page.get_by_role("button", name="Book").click()
    block = page.locator(".cal-block", has_text="2:00 PM")
    onto = page.get_by_role("link", name="Book Sofia, 8:30 AM")
    expect(block).to_be_visible()
    page.wait_for_load_state()
    # A question is no fault, and yet a refusal to the console.
    visitors.expected.append("422")
    asked = []

    def answered(answer):
        asked.clear()
        page.once("dialog", lambda dialog: (asked.append(dialog.message), answer(dialog)))
        drag(block, onto, lambda: page.title() and asked)

    answered(lambda dialog: dialog.dismiss())
    assert asked == ["Sofia has Ann Salon 9:00 AM to 10:00 AM. Book anyway?"]
    page.reload()
    expect(block).to_be_visible()
    answered(lambda dialog: dialog.accept())
    expect(page.locator(".cal-block", has_text="8:30 AM")).to_be_visible()

    # By the form: with the question there stands what goes out if it is meant.
    page.locator(".cal-block", has_text="8:30 AM").click()
    expect(page.locator("#notice")).to_contain_text("nobody is told")
    page.get_by_label("Time").fill("09:15")
    page.get_by_role("button", name="Save").click()
    expect(page.locator(".asked")).to_contain_text("Sofia has Ann Salon")
    expect(page.locator("#notice")).to_contain_text("Ann")
    expect(page.locator("#notice")).not_to_contain_text("nobody is told")


def test_a_change_made_before_the_script_was_there_is_told_of_as_well(page):
    page.goto("/calendar/new?day=2031-05-21&time=10:00")
    page.locator(".select2-choice").click()
    page.locator(".select2-input").fill("ann salon")
    page.locator(".select2-result", has_text="Ann Salon").click()
    page.get_by_role("button", name="Book").click()
    held = []
    page.route("**/calendar/notice.js*", lambda route: held.append(route))
    edit = page.locator(".cal-block", has_text="10:00 AM").get_attribute("href")
    page.goto(edit, wait_until="commit")
    page.get_by_label("Time").fill("11:15")
    page.get_by_label("Time").press("Tab")
    expect(page.locator("#notice")).to_contain_text("nobody is told")
    until(lambda: page.title() and held)
    held[0].continue_()
    expect(page.locator("#notice")).to_contain_text("Ann")
