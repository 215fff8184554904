"""The telephones in a real browser."""

from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import expect

from tests.simulator.helpers import eventually
from tests.support import chromium

# Two Chromiums at once do not fit into one process of the tests.


@pytest.fixture
def page() -> Iterator[Any]:
    with chromium.launched(chromium.required()) as browser:
        yield browser.new_page(viewport={"width": 390, "height": 844})


def test_somebody_takes_a_telephone_writes_and_reads(sim, twilio, product, salon, page):
    page.goto(sim.url)
    page.get_by_label("Number").first.fill("(415) 555-0150")
    page.get_by_label("Name").fill("Zoë")
    page.get_by_role("button", name="Take it out").click()
    page.get_by_text("WhatsApp", exact=True).click()
    page.wait_for_url("**channel=whatsapp**")
    page.get_by_label("Message", exact=True).fill("Hello & <b>hi</b>")
    page.keyboard.press("Enter")
    expect(page.locator(".mine .body")).to_have_text("Hello & <b>hi</b>")
    assert product.called("/whatsapp")[0].form["ProfileName"] == "Zoë"

    twilio.messages.create(
        to="whatsapp:+14155550150", from_=f"whatsapp:{salon}", body="Good day, Zoë"
    )
    expect(page.locator(".theirs .body")).to_have_text("Good day, Zoë")
    eventually(lambda: sim.on_phone("+14155550150")[-1]["status"] == "read")

    twilio.messages.create(to="+14155550150", from_=salon, body="By text")
    page.get_by_text("1 new from Salon · SMS").click()
    expect(page.locator(".theirs .body")).to_have_text("By text")


def test_a_channel_that_is_chosen_before_the_scripts_are_there_is_shown(sim, salon, page):
    held = []
    page.route("**/composer.js", lambda route: held.append(route), times=1)
    with page.expect_request("**/composer.js"):
        page.goto(f"{sim.url}/phones/+14155550151", wait_until="commit")
    page.get_by_text("WhatsApp", exact=True).click()
    held[0].continue_()
    page.wait_for_url("**channel=whatsapp**")
    expect(page.get_by_role("radio", name="WhatsApp")).to_be_checked()
