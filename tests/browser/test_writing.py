"""Staff write, and see what becomes of it."""

from playwright.sync_api import Page, expect

from tests.browser.seed import SILENT
from tests.browser.steps import answer, got, message, open_talk, talk, thread, writes
from tests.support.stack import until

# Notes every state that the last message of the thread is ever shown in.
WATCH = """() => {
  window.states = [];
  const note = () => {
    const state = [...document.querySelectorAll("#thread .state")].pop()?.textContent;
    if (state && state !== window.states.at(-1)) window.states.push(state);
  };
  const deep = { childList: true, subtree: true, characterData: true };
  new MutationObserver(note).observe(document.getElementById("thread"), deep);
}"""


def open_silent(page: Page) -> None:
    # Others write all the time: the list begins with them.
    page.goto("/messages?view=all&q=555-0177")
    talk(page, "(212) 555-0177").click()


STEPS = ("Queued", "Sending", "Queued at Twilio", "Sent", "Delivered", "Read")


def in_order(states: list[str]) -> bool:
    """Whether the states only moved forward."""
    return states == sorted(states, key=STEPS.index)


def test_an_answer_by_sms_arrives_on_the_telephone_and_its_states_come_back_live(
    page, stack, visitors
):
    writes(stack, "+12125550211", "Do you sell gift cards?")
    open_talk(page, "Do you sell gift cards?")
    telephone = visitors.telephone(page, "+12125550211")
    page.evaluate(WATCH)

    # So long that the page shows it on its way.
    stack.simulate("PUT", "faults", latency_ms=1000)
    sent = answer(page, "We do, from $25.", "SMS")
    expect(telephone.locator(".theirs .body")).to_have_text("We do, from $25.")
    expect(sent.locator(".state")).to_have_text("Delivered")
    expect(talk(page, "You: We do, from $25.")).to_be_visible()
    stack.simulate("DELETE", "faults")
    states = page.evaluate("window.states")
    assert states[0].startswith(("Queued", "Sending"))
    # A step may pass between two looks; those that are seen come in this order.
    assert states[-1] == "Delivered" and in_order(states)


def test_an_answer_by_whatsapp_is_read_once_the_customer_looks(page, stack, visitors):
    writes(stack, "+12125550212", "Are you open today?", "whatsapp", name="Rita Moss")
    open_talk(page, "Are you open today?")
    page.evaluate(WATCH)
    sent = answer(page, "Until six, Rita.")
    expect(sent.locator(".state")).to_have_text("Delivered")
    expect(sent.locator(".tag")).to_have_text("WhatsApp")

    telephone = visitors.telephone(page, "+12125550212", "whatsapp")
    expect(telephone.locator(".theirs .body")).to_have_text("Until six, Rita.")
    expect(sent.locator(".state")).to_have_text("Read")
    states = page.evaluate("window.states")
    assert states[-1] == "Read" and in_order(states)


def test_a_rejected_message_fails_with_a_plain_reason(page, stack):
    writes(stack, "+12125550213", "Call me back")
    open_talk(page, "Call me back")
    stack.simulate("PUT", "faults", reject={"+12125550213": 30003})
    sent = answer(page, "We tried to reach you")
    expect(sent.locator(".state")).to_have_text("Failed")
    expect(sent.get_by_role("note")).to_contain_text("30003")
    assert len(sent.get_by_role("note").inner_text()) > 30
    stack.simulate("DELETE", "faults")


def test_24_hours_after_a_whatsapp_message_sms_is_chosen(page):
    open_silent(page)
    expect(page.get_by_role("radio", name="SMS")).to_be_checked()
    answer(page, "¡Claro que sí!")
    expect(message(page, "¡Claro que sí!").locator(".tag")).to_have_text("SMS")


def test_the_text_of_a_refused_message_stays_and_the_reason_stands_above_it(page, visitors):
    visitors.expected.append("status of 422")
    open_silent(page)
    page.get_by_label("Message", exact=True).fill("x" * 1700)
    expect(page.get_by_text("too long")).to_be_visible()
    page.get_by_role("button", name="Send", exact=True).click()
    expect(page.get_by_role("alert")).to_contain_text("1,600 at most")
    expect(page.get_by_label("Message", exact=True)).to_have_value("x" * 1700)


def test_what_is_sent_from_a_page_of_older_messages_is_seen_at_once(page, stack):
    writes(stack, "+12125550218", "The oldest of many")
    open_talk(page, "The oldest of many")
    for number in range(50):
        writes(stack, "+12125550218", f"Question {number}")
    expect(message(page, "Question 49")).to_be_visible()
    thread(page).evaluate("part => { part.scrollTop = 0 }")
    expect(message(page, "The oldest of many")).to_be_visible()

    answer(page, "One answer to all")
    expect(message(page, "One answer to all")).to_be_in_viewport()
    expect(message(page, "The oldest of many")).to_have_count(0)
    assert "before" not in page.url
    until(lambda: got(stack, "+12125550218") == ["One answer to all"])


def test_a_text_survives_an_outage_and_becomes_one_message(page, stack, visitors):
    visitors.expected.append("ERR_INTERNET_DISCONNECTED")
    writes(stack, "+12125550214", "Are you there?")
    open_talk(page, "Are you there?")
    page.context.set_offline(True)
    answer(page, "Here we are")
    expect(page.get_by_role("alert")).to_contain_text("No connection")

    page.context.set_offline(False)
    page.get_by_role("button", name="Send", exact=True).click()
    expect(message(page, "Here we are")).to_have_count(1)
    until(lambda: got(stack, "+12125550214") == ["Here we are"])


def test_a_new_customer_is_added_and_written_to(page, visitors):
    page.goto("/messages")
    page.get_by_role("link", name="New message").click()
    page.get_by_label("Mobile number").fill("not a number")
    visitors.expected.append("status of 422")
    page.get_by_role("button", name="Continue").click()
    expect(page.get_by_role("alert")).to_contain_text("country code")

    page.get_by_label("Mobile number").fill("(212) 555-0215")
    page.get_by_role("textbox", name="Name (of somebody new").fill("Nora Quinn")
    page.get_by_role("button", name="Continue").click()
    expect(page.get_by_role("heading", name="Nora Quinn")).to_be_visible()
    expect(thread(page)).to_contain_text("Nothing was said yet")

    telephone = visitors.telephone(page, "+12125550215")
    answer(page, "Welcome, Nora!")
    expect(telephone.locator(".theirs .body")).to_have_text("Welcome, Nora!")
    expect(talk(page, "Nora Quinn")).to_contain_text("You: Welcome, Nora!")


def test_a_number_that_is_known_opens_its_conversation(page):
    page.goto("/messages/new")
    page.get_by_label("Mobile number").fill(SILENT)
    page.get_by_role("button", name="Continue").click()
    expect(page.get_by_text("This number is known already")).to_be_visible()
    expect(thread(page)).to_contain_text("¿Hablan español?")


def test_a_message_is_taken_back_and_another_sent_at_once(page, stack, time_to_think):
    writes(stack, "+12125550216", "Which day?")
    open_talk(page, "Which day?")
    hasty = answer(page, "Mnoday")
    hasty.get_by_role("button", name="Undo").click()
    expect(hasty.get_by_role("button")).to_have_count(0)

    corrected = answer(page, "Monday")
    corrected.get_by_role("button", name="Send now").click()
    expect(corrected.locator(".state")).to_have_text("Delivered")
    assert got(stack, "+12125550216") == ["Monday"]


def test_a_failed_message_is_tried_again(page, stack):
    writes(stack, "+12125550217", "Please confirm")
    open_talk(page, "Please confirm")
    stack.simulate("PUT", "faults", reject={"+12125550217": 30003})
    failed = answer(page, "Confirmed!").first
    expect(failed.locator(".state")).to_have_text("Failed")
    stack.simulate("DELETE", "faults")
    failed.get_by_role("button", name="Try again").click()
    expect(message(page, "Confirmed!")).to_have_count(2)
    expect(message(page, "Confirmed!").last.locator(".state")).to_have_text("Delivered")
