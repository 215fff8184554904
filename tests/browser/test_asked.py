"""A rule asks somebody to look: whoever has a live page open is told, and follows or closes it."""

import psycopg
from playwright.sync_api import expect
from redis import Redis

from tests.browser.steps import listen, open_talk, writes

TEXT = "Is anybody there today?"


def ask(stack, text):
    """As a worker does after the run's commit."""
    query = "SELECT tenant_id, customer_id FROM message WHERE body = %s"
    with psycopg.connect(stack.database, autocommit=True) as connection:
        tenant_id, customer_id = connection.execute(query, (text,)).fetchone()
    with Redis.from_url(stack.redis) as redis:
        redis.publish(f"live:{tenant_id}", f"look-{customer_id}")
    return customer_id


def test_everybody_with_the_inbox_open_is_told_once_and_can_follow_it(page, stack):
    writes(stack, "+12125550231", TEXT)
    open_talk(page, TEXT)
    listen(page, "/messages")
    notices = page.locator(".rule-asks p")
    for _ in range(2):
        customer_id = ask(stack, TEXT)
        expect(notices).to_have_count(1)
    notices.get_by_role("link").click()
    expect(page).to_have_url(f"{stack.web}/messages/{customer_id}")
    expect(page.locator("#thread")).to_contain_text(TEXT)


def test_a_notice_can_be_closed_by_keyboard(page, stack):
    text = "Nobody answered me so far"
    writes(stack, "+12125550232", text)
    open_talk(page, text)
    listen(page, page.url)
    close = page.get_by_role("button", name="Close this notice")
    ask(stack, text)
    close.press("Enter")
    expect(page.locator(".rule-asks p")).to_have_count(0)
