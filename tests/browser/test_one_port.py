"""Where a browser can reach the web and nothing else, its pages are live all the same."""

import re

from playwright.sync_api import expect

from tests.browser.steps import open_talk, thread, writes

NUMBER = "+12125550233"


def test_a_page_that_cannot_come_to_the_streams_has_its_stream_from_the_web(page, stack, visitors):
    writes(stack, NUMBER, "Is it me you hear?")
    visitors.expected.append("net::ERR_FAILED")
    page.route(re.compile(r"/live/stream\?"), lambda route: route.abort())
    with page.expect_response(lambda answer: "/live?business=" in answer.url) as stream:
        open_talk(page, "Is it me you hear?")
    assert stream.value.headers["content-type"].startswith("text/event-stream")
    writes(stack, NUMBER, "And now?")
    # Sooner than it would look by itself.
    expect(thread(page)).to_contain_text("And now?", timeout=7000)
