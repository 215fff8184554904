"""The live chat from a business's own site: another origin, with a policy that lets in no more."""

import re
from collections.abc import Callable, Iterator

import pytest
from axe_playwright_python.base import AXE_SCRIPT
from playwright.sync_api import Browser, BrowserContext, Frame, FrameLocator, Page, Route, expect

from app.webchat.abuse.proof_of_work import digest
from tests.browser.steps import answer, message, open_talk, talk
from tests.support.axe import ALL, RUN
from tests.support.stack import Stack

# What a browser does that keeps storage from frames of others: the mere name of it throws.
BLOCKED = """if (%s) Object.defineProperty(window, "localStorage", {
  get() { throw new DOMException("blocked", "SecurityError"); },
});"""
IN_FRAMES, EVERYWHERE = BLOCKED % "window !== top", BLOCKED % "true"
# Without a network; a look that was under way as its chat ended; and as tests write sooner than
# people, and in a field that people do not see.
EXPECTED = ("ERR_INTERNET_DISCONNECTED", "status of 401", "status of 429", "status of 403")
Opens = Callable[..., Page]


@pytest.fixture
def visits(browser: Browser, stack: Stack) -> Iterator[Opens]:
    """Somebody on the salon's site, in a browser of their own; what a page complains of fails the
    test, but for what the test provokes."""
    contexts: list[BrowserContext] = []
    complaints: list[str] = []

    def visit(script: str = "", width: int = 1280, path: str = "salon", **options: object) -> Page:
        context = browser.new_context(viewport={"width": width, "height": 800}, **options)
        context.set_default_timeout(10_000)
        contexts.append(context)
        if script:
            context.add_init_script(script)
        context.on("weberror", lambda error: complaints.append(str(error.error)))
        context.on("console", lambda said: complaints.extend([said.text] * (said.type == "error")))
        page = context.new_page()
        page.goto(f"{stack.simulator}/site/{path}")
        return page

    yield visit
    for context in contexts:
        context.close()
    assert [each for each in complaints if not any(said in each for said in EXPECTED)] == []


def bubble(page: Page) -> FrameLocator:
    """Open the panel by its button."""
    page.get_by_role("button", name=re.compile("^Chat")).click()
    panel = page.frame_locator("iframe")
    expect(field(panel)).to_be_focused()
    return panel


def field(panel: FrameLocator, name: str = "Message") -> object:
    return panel.get_by_label(name, exact=True)


def say(panel: FrameLocator, body: str) -> None:
    field(panel).fill(body)
    field(panel).press("Enter")


def held(route: Route, said: str) -> None:
    """As if the network lost what says that."""
    if said in (route.request.post_data or ""):
        route.abort("internetdisconnected")
    else:
        route.fallback()


def frame(page: Page) -> Frame:
    return next(each for each in page.frames if "/panel" in each.url)


def flaws(page: Page) -> list[str]:
    frame(page).evaluate(AXE_SCRIPT)
    found: list[str] = frame(page).evaluate(RUN, list(ALL))
    return found


def test_two_visitors_chat_and_each_is_answered_alone(page: Page, stack: Stack, visits: Opens):
    """Third-party storage is blocked in both browsers, so that the site's own keeps the chat."""
    ann, bob = visits(IN_FRAMES), visits(IN_FRAMES)
    panel = bubble(ann)
    assert ann.evaluate("localStorage.length") == 0, "nothing is stored before one has written"
    say(panel, "Is Leo there on Friday? <b>See</b> https://salon.example/leo.")
    expect(panel.locator(".mine .state")).to_have_text("Sent")
    others = bubble(bob)
    say(others, "Another one, about Monday")
    expect(others.locator(".mine .state")).to_have_text("Sent")

    open_talk(page, "Is Leo there on Friday?")
    expect(panel.locator(".mine .state")).to_have_text("Seen")
    page.get_by_label("Message", exact=True).press_sequentially("He is")
    expect(panel.get_by_text("is typing…")).to_be_visible()
    answer(page, "He is, from ten on.")
    expect(panel.locator(".theirs .body")).to_have_text("He is, from ten on.")
    expect(panel.locator(".theirs .meta")).to_contain_text("Staff")
    expect(message(page, "He is, from ten on.")).to_contain_text("Read")
    expect(panel.locator(".mine .body a")).to_have_attribute("rel", re.compile("nofollow"))
    expect(others.locator(".theirs")).to_have_count(0)
    assert flaws(ann) == []

    # Another tab has the same chat.
    tab = ann.context.new_page()
    tab.goto(ann.url)
    again = bubble(tab)
    expect(again.locator(".body")).to_have_count(2)
    say(again, "And from another tab")
    expect(panel.locator(".mine .body")).to_have_count(2)
    tab.close()

    # Closed, the button counts; it has the focus again, and the chat is there on the next page.
    field(panel).press("Escape")
    button = ann.get_by_role("button", name="Chat with us")
    expect(button).to_be_focused()
    expect(button).to_have_attribute("aria-expanded", "false")
    expect(answer(page, "Shall I book it?")).to_contain_text("Sent")
    ann.reload()
    expect(ann.get_by_role("button", name="Chat with us, 1 unread")).to_be_visible()
    panel = bubble(ann)
    expect(panel.locator(".body")).to_have_text(
        [
            re.compile("Is Leo there"),
            "He is, from ten on.",
            "And from another tab",
            "Shall I book it?",
        ]
    )
    # Over: this browser forgets it.
    panel.get_by_role("button", name="End chat").click()
    panel.get_by_role("group", name="End chat").get_by_role("button", name="End chat").click()
    expect(panel.locator(".msg")).to_have_count(0)
    assert ann.evaluate("localStorage.length") == 0


def test_what_is_written_without_a_network_arrives_once_it_is_back(
    page: Page, stack: Stack, visits: Opens
):
    """In memory alone, as the browser keeps nothing at all; and of the stranger's chat nothing."""
    ann, stranger = visits(EVERYWHERE), visits(path="garage")
    panel = bubble(ann)
    say(panel, "Before the tunnel, by chat")
    expect(panel.locator("#notice")).to_contain_text("Your browser keeps nothing here")
    expect(panel.locator(".mine .state")).to_have_text("Sent")
    ann.context.set_offline(True)
    say(panel, "In the tunnel, by chat")
    expect(panel.locator(".failed .state")).to_contain_text("Not sent.")
    expect(panel.get_by_role("button", name="Try again")).to_be_visible()
    # The network is back for what comes next alone: it waits for what was written before it.
    ann.context.route("**/messages*", lambda route: held(route, "In the tunnel"))
    ann.context.set_offline(False)
    say(panel, "After the tunnel, by chat")
    expect(panel.locator(".failed")).to_have_count(2)
    ann.context.unroute("**/messages*")
    expect(panel.locator(".failed")).to_have_count(0)
    open_talk(page, "After the tunnel, by chat")
    bodies = page.locator("#thread .msg").filter(has_text="the tunnel, by chat")
    order = [f"{each} the tunnel, by chat" for each in ("Before", "In", "After")]
    expect(bodies).to_contain_text(order)
    expect(talk(page, "After the tunnel, by chat")).to_have_count(1)
    theirs = bubble(stranger)
    expect(theirs.get_by_role("heading")).to_have_text("Strangers' Garage")
    expect(theirs.locator(".msg")).to_have_count(0)


def test_on_a_telephone_the_panel_is_all_there_is(visits: Opens):
    ann = visits(width=390, path="salon?lang=de", has_touch=True, color_scheme="dark")
    ann.evaluate("scrollTo(0, 300)")
    ann.get_by_role("button", name="Chatten Sie mit uns").click()
    panel = ann.frame_locator("iframe")
    expect(field(panel, "Nachricht")).to_be_focused()
    # As high as the keyboard leaves it.
    ann.set_viewport_size({"width": 390, "height": 420})
    expect(ann.locator("iframe")).to_have_js_property("clientHeight", 420)
    assert ann.locator("iframe").bounding_box() == {"x": 0, "y": 0, "width": 390, "height": 420}
    size = field(panel, "Nachricht").evaluate("each => getComputedStyle(each).fontSize")
    assert size == "16px", "below that iOS zooms"
    assert flaws(ann) == []
    panel.get_by_role("button", name="Chat schließen").click()
    expect(ann.get_by_role("button", name="Chatten Sie mit uns")).to_be_focused()
    assert ann.evaluate("scrollY") == 300


def test_what_looks_like_spam_is_worked_for_and_no_person_meets_the_trap(visits: Opens):
    ann = visits()
    panel = bubble(ann)
    trap, body = frame(ann).locator("#website"), panel.locator("body")
    reached = set()
    for _ in range(12):
        ann.keyboard.press("Tab")
        reached.add(body.evaluate("() => document.activeElement.id"))
    trap.evaluate("each => each.focus()")
    reached.add(body.evaluate("() => document.activeElement.id"))
    assert {"body", "close"} <= reached and "website" not in reached
    assert "website" not in body.aria_snapshot().lower()
    posted: list[dict[str, str]] = []
    ann.on("request", lambda each: each.method == "POST" and posted.append(each.post_data_json))
    trap.evaluate("each => { each.value = 'https://spam.example' }")
    say(panel, "I fill in whatever there is")
    expect(panel.locator(".mine .state")).to_have_text("Sent")
    proofs = [each.get("proof") for each in posted if each.get("website")]
    assert [bool(each) for each in proofs] == [False, True] * 2, "a session, and a message"
    # What is found is what the server has hidden, and nothing where there is nothing.
    solve = "async asked => (await import('/static/js/chat/proof_of_work.js')).prove(asked)"
    for number in (0, 9, 12345):
        asked = {"salt": "5a" * 8, "target": digest("5a" * 8, number), "token": "x.y"}
        assert frame(ann).evaluate(solve, {**asked, "most": number}) == f"{number}.x.y"
        assert frame(ann).evaluate(solve, {**asked, "most": number - 1}) == ""


def test_who_wrote_too_much_is_told_when_to_go_on_and_not_tried_meanwhile(visits: Opens):
    ann = visits(path="salon?lang=de")
    ann.get_by_role("button", name="Chatten Sie mit uns").click()
    panel = ann.frame_locator("iframe")
    tries = []

    def refuse(route: Route) -> None:
        if route.request.method != "POST":
            route.fallback()
            return
        tries.append(route.request)
        told = {"error": "That was too fast.", "code": "too_fast"}
        route.fulfill(status=429, json=told, headers={"Retry-After": "601"})

    ann.context.route("**/chat/salon/messages*", refuse)
    field(panel, "Nachricht").fill("Eines zu viel")
    field(panel, "Nachricht").press("Enter")
    expect(panel.get_by_role("alert")).to_contain_text("in 11 Minuten noch einmal")
    with ann.expect_response(lambda each: "/messages?" in each.url):
        frame(ann).evaluate("dispatchEvent(new Event('online'))")
    expect(panel.locator(".failed .state")).to_contain_text("Nicht gesendet.")
    assert len(tries) == 1
    ann.context.unroute("**/chat/salon/messages*")
    panel.get_by_role("button", name="Noch einmal").click()
    expect(panel.locator(".mine .state")).to_have_text("Gesendet")
    expect(panel.get_by_role("alert")).to_have_count(0)


def test_nothing_is_typed_into_a_panel_that_does_not_listen_yet(visits: Opens):
    """A slow network: its page is there before its scripts, and Enter would be a new line."""
    ann = visits()
    ann.context.route("**/chat_form.js", lambda route: waiting.append(route))
    waiting: list[Route] = []
    ann.get_by_role("button", name="Chat with us").click()
    panel = ann.frame_locator("iframe")
    expect(field(panel)).to_be_disabled()
    waiting.pop().fallback()
    expect(field(panel)).to_be_focused()
    say(panel, "Now you hear me")
    expect(panel.locator(".mine .state")).to_have_text("Sent")


def test_words_for_a_chat_that_is_over_stay_in_the_field(visits: Opens):
    ann = visits()
    panel = bubble(ann)
    say(panel, "The first of two tabs")
    expect(panel.locator(".mine .state")).to_have_text("Sent")
    over = {"status": 401, "json": {"error": "This chat is over.", "code": "ended"}}
    ann.context.route("**/chat/salon/messages*", lambda route: route.fulfill(**over))
    say(panel, "Said too late")
    expect(field(panel)).to_have_value("Said too late")
    expect(panel.locator(".msg")).to_have_count(0)
    ann.context.unroute("**/chat/salon/messages*")
    field(panel).press("Enter")
    expect(panel.locator(".mine .body")).to_have_text("Said too late")
    expect(panel.locator(".mine .state")).to_have_text("Sent")


def test_where_the_panel_is_kept_away_one_writes_or_calls(visits: Opens, stack: Stack):
    ann = visits()
    ann.clock.install()
    ann.context.route("**/panel*", lambda route: route.abort())
    ann.get_by_role("button", name="Chat with us").click()
    ann.clock.run_for(11_000)
    expect(ann.get_by_role("alert")).to_contain_text("You reach us all the same")
    email = ann.get_by_role("link", name="Write an email")
    expect(email).to_have_attribute("href", "mailto:hello@salon.test")
