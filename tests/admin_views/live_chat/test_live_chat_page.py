"""The settings of the live chat: what an admin enters, and is told once."""

import re

from tests.support.browser import Browser, visitor
from tests.support.world import Business

PAGE = "/admin/live-chat/"
ENTERED = {
    "enabled": "y",
    "sites": "https://a.example/contact\nB.example:8443",
    "colour": "#ABCDEF",
    "side": "left",
    "identity_mode": "off",
    "greeting_de": "Moin!",
}


def test_an_admin_switches_the_chat_on_and_is_told_the_line_and_the_policy(
    salon: Business, garage: Business, admin: Browser
) -> None:
    refused = admin.post(PAGE, data=ENTERED | {"sites": ""})
    assert (refused.status_code, "Name at least one site" in refused.text) == (422, True)
    # What could begin another directive of the policy is no site.
    assert (
        admin.post(PAGE, data=ENTERED | {"sites": "https://a.example;script-src"}).status_code
        == 422
    )
    assert visitor().get("/chat/salon/widget.js").status_code == 404
    assert admin.post(PAGE, data=ENTERED).status_code == 302
    page = admin.get(PAGE).text
    assert "&lt;script async src=&#34;http://localhost/chat/salon/widget.js&#34;&gt;" in page
    assert "script-src http://localhost; frame-src http://localhost" in page
    panel = visitor().get("/chat/salon/panel?lang=de")
    assert (
        "frame-ancestors https://a.example https://b.example:8443"
        in panel.headers["Content-Security-Policy"]
    )
    assert "Moin!" in panel.text and "#abcdef" in panel.text
    assert visitor().get("/chat/garage/panel").status_code == 404


def test_a_secret_is_told_once_and_two_hold(salon: Business, admin: Browser) -> None:
    admin.post(PAGE, data=ENTERED)
    enforced = admin.post(PAGE, data=ENTERED | {"identity_mode": "enforce"})
    assert "Make a secret first" in enforced.text
    told = []
    for _ in range(3):
        admin.post(f"{PAGE}secret")
        told += re.findall(r'id="secret">([\w-]+)<', admin.get(PAGE).text)
        assert 'id="secret"' not in admin.get(PAGE).text
    assert len(set(told)) == 3
    assert "Drop the former one" in admin.get(PAGE).text
    admin.post(f"{PAGE}old-secret")
    assert "Drop the former one" not in admin.get(PAGE).text


def test_a_network_is_blocked_and_let_in_again(salon: Business, admin: Browser) -> None:
    admin.post(f"{PAGE}block", data={"network": "203.0.113.9/24", "note": "Bots"})
    page = admin.get(PAGE).text
    assert "<strong>203.0.113.0/24</strong>" in page
    assert "Bots" in page
    id_ = re.search(r'name="chat_block_id" value="(\d+)"', page)
    assert id_
    admin.post(f"{PAGE}unblock", data={"chat_block_id": id_[1]})
    assert "<strong>203.0.113.0/24</strong>" not in admin.get(PAGE).text
    admin.post(f"{PAGE}block", data={"network": "everybody"})
    assert "is no IP address or network" in admin.get(PAGE).text
