"""What somebody writes is nowhere lost: over reloads, computers, files and second thoughts."""

from playwright.sync_api import Page, expect

from tests.browser.seed import STAFF
from tests.browser.steps import answer, message, open_talk, talk, thread, writes
from tests.support.stack import until

PNG = (
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk"
    "+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="
)
# As a browser hands over what was pasted or dropped.
GIVE = """(place, [kind, name, png]) => {
  const bytes = Uint8Array.from(atob(png), (each) => each.charCodeAt(0));
  const data = new DataTransfer();
  data.items.add(new File([bytes], name, { type: "image/png" }));
  const how = { bubbles: true, cancelable: true };
  const event = kind === "paste"
    ? new ClipboardEvent("paste", { ...how, clipboardData: data })
    : new DragEvent(kind, { ...how, dataTransfer: data });
  place.dispatchEvent(event);
}"""


def body(page: Page):
    return page.get_by_label("Message", exact=True)


def chip(page: Page, name: str):
    return page.locator(".chip").filter(has_text=name)


def test_a_draft_and_its_files_are_there_again_and_undo_brings_them_back(
    page, admin, stack, visitors, time_to_think
):
    writes(stack, "+12125550235", "Do you do beards?")
    open_talk(page, "Do you do beards?")
    body(page).press_sequentially("We do be")
    expect(talk(page, "Draft We do be")).to_be_visible()
    body(page).evaluate(GIVE, ["paste", "pasted.png", PNG])
    thread(page).evaluate(GIVE, ["dragover", "", PNG])
    expect(page.locator(".thread.dropping")).to_be_visible()
    thread(page).evaluate(GIVE, ["drop", "dropped.png", PNG])
    for name in ("pasted.png", "dropped.png"):
        expect(chip(page, name).locator("progress")).to_be_hidden()
    page.get_by_role("button", name="Remove dropped.png").click()

    # Another computer, and a colleague's.
    other = visitors.sign_in(STAFF, width=390, height=844)
    other.goto(page.url)
    expect(body(other)).to_have_value("We do be")
    expect(chip(other, "pasted.png")).to_be_visible()
    expect(chip(other, "dropped.png")).to_have_count(0)
    admin.goto(page.url)
    expect(body(admin)).to_have_value("")

    page.reload()
    body(page).press("End")
    body(page).press_sequentially("ards.")
    # By the keyboard alone.
    body(page).press("Enter")
    expect(message(page, "We do beards.").locator("img")).to_be_visible()
    expect(body(page)).to_have_value("")
    expect(chip(page, "pasted.png")).to_have_count(0)
    message(page, "We do beards.").get_by_role("button", name="Undo").dblclick()
    expect(message(page, "We do beards.")).to_have_count(0)
    expect(body(page)).to_have_value("We do beards.")
    expect(chip(page, "pasted.png")).to_be_visible()
    expect(talk(page, "Draft We do beards.")).to_be_visible()
    expect(page.locator("#composer-error")).to_be_hidden()

    answer(page, "Never mind.")
    message(page, "Never mind.").get_by_role("button", name="Send now").click()
    until(lambda: stack.simulate("GET", "phones/+12125550235/messages")["messages"][1:] != [])
    expect(page.locator(".talk[aria-current]")).not_to_contain_text("Draft")

    # What is open in two windows is sent from one of them.
    visitors.expected.append("status of 422")
    body(page).press_sequentially("Come at nine")
    expect(talk(page, "Draft Come at nine")).to_be_visible()
    other.reload()
    expect(body(other)).to_have_value("Come at nine")
    body(page).press("Enter")
    expect(message(other, "Come at nine")).to_be_visible()
    other.get_by_role("button", name="Send", exact=True).click()
    expect(other.locator("#composer-error")).to_contain_text("in another window")
    expect(message(other, "Come at nine")).to_have_count(1)


def test_what_is_typed_while_a_message_is_on_its_way_is_the_next(page, stack):
    writes(stack, "+12125550239", "Are you open?")
    open_talk(page, "Are you open?")
    held = []
    page.route("**/messages/send", lambda route: held.append(route), times=1)
    body(page).press_sequentially("Yes")
    with page.expect_request("**/messages/send"):
        body(page).press("Enter")
    body(page).press_sequentially("until six")
    body(page).press("Enter")
    held[0].continue_()
    expect(message(page, "until six")).to_be_visible()
    expect(body(page)).to_have_value("")
    expect(thread(page).locator(".msg-outbound .msg-body")).to_have_text(["Yes", "until six"])

    # Whoever goes on at once has sent it, however slowly the draft is kept.
    talk_page = page.url
    with page.expect_request("**/draft"):
        page.route("**/draft", lambda route: held.append(route))
        body(page).press_sequentially("See you")
    body(page).press("Enter")
    page.goto("/messages")
    page.unroute("**/draft")
    page.goto(talk_page)
    expect(message(page, "See you")).to_be_visible()
    expect(body(page)).to_have_value("")


def test_what_is_typed_becomes_a_reply_that_goes_later_and_can_be_changed(page, stack, visitors):
    phone = "+12125550236"
    writes(stack, phone, "When do you open?", name="Iris")
    open_talk(page, "When do you open?")
    # By the keyboard alone: a template by a slash, an emoji by a colon.
    body(page).press_sequentially("/review")
    expect(page.get_by_role("option").first).to_contain_text("Template")
    body(page).press("Enter")
    expect(body(page)).not_to_have_value("")
    body(page).fill("We open at nine ")
    body(page).press_sequentially(":party_pop")
    expect(page.get_by_role("option").first).to_contain_text("party popper")
    body(page).press("Enter")
    expect(body(page)).to_have_value("We open at nine 🎉")

    page.locator(".send-later summary").click()
    page.locator(".send-later").get_by_role("button", name="Tomorrow").click()
    waits = page.locator(".msg-later")
    expect(waits).to_contain_text("Goes out Tomorrow, 9:00")
    expect(page.locator("#composer-said")).to_contain_text("unless they opt out before")
    expect(talk(page, "We open at nine")).to_have_count(0)
    waits.get_by_text("Change time").click()
    waits.get_by_label("New time").fill("2027-06-01T10:00")
    waits.get_by_role("button", name="Send then").click()
    expect(waits).to_contain_text("10:00")
    page.goto("/messages/scheduled")
    expect(page.get_by_text("We open at nine")).to_be_visible()
    page.locator(".sheet").get_by_role("link").first.click()

    waits.get_by_role("button", name="Edit").click()
    expect(waits).to_have_count(0)
    expect(body(page)).to_have_value("We open at nine 🎉")
    page.locator(".send-later summary").click()
    page.locator(".send-later").get_by_role("button", name="Tomorrow").click()
    waits.get_by_role("button", name="Cancel").click()
    expect(waits).to_have_count(0)
    assert stack.simulate("GET", f"phones/{phone}/messages")["messages"][1:] == []
