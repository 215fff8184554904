"""What an admin enters as a site becomes an origin, and can be nothing else in a policy."""

import pytest

from app.webchat.chat_sites import BadSite, frame_ancestors, origin, origins


def test_a_site_is_an_origin_however_it_is_entered() -> None:
    typed = "Salon.example/contact?x=1,\n https://www.salon.example:443 http://127.0.0.1:8001/ "
    assert origins(typed) == [
        "https://salon.example",
        "https://www.salon.example",
        "http://127.0.0.1:8001",
    ]
    assert origin("https://*.salon.example") == "https://*.salon.example"
    assert origin("https://größe.example") == "https://xn--gre-6ka8i.example"
    assert origin("http://[::1]:80") == "http://[::1]"
    assert frame_ancestors([]) == "frame-ancestors 'none'"


@pytest.mark.parametrize(
    "typed",
    [
        *("*", "https://*", "https://a*.example", "javascript:alert(1)", "ftp://a.example", "//"),
        *("https://a.example;script-src", "https://user@a.example", "https://a..example", "'self'"),
        *("https://a.example:99999", "https://[::1", "data:text/html,x", "https://a_b.example"),
    ],
)
def test_what_could_be_more_than_a_site_is_refused(typed: str) -> None:
    with pytest.raises(BadSite, match="is no site"):
        origin(typed)
