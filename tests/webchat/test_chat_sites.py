"""What an admin enters as a site becomes an origin, and can be nothing else in a policy."""

import pytest

from app.webchat import chat_sites
from app.webchat.chat_sites import BadSite, frame_ancestors, is_of, origin, origins


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


def test_a_page_is_of_a_site_as_browsers_see_it() -> None:
    sites = ["https://www.salon.example", "http://old.example", "https://*.shop.example:8443"]
    for page in (
        *("https://www.salon.example/prices?x=1", "https://WWW.salon.example:443"),
        *("http://old.example/", "https://old.example/", "https://a.b.shop.example:8443/"),
    ):
        assert is_of(page, sites), page
    for page in (
        *("http://www.salon.example/", "https://salon.example/", "https://www.salon.example:444/"),
        *(
            "https://shop.example:8443/",
            "https://evilshop.example:8443/",
            "https://a.shop.example/",
        ),
        *("https://www.salon.example.evil.example/", "https://www.salon.example@evil.example/"),
        *("", "//", "null", "file:///x", "https://[", "https://\x00", "javascript:alert(1)"),
    ):
        assert not is_of(page, sites), page
    assert not is_of("https://www.salon.example/", [])


def test_a_name_without_end_is_not_read(monkeypatch: pytest.MonkeyPatch) -> None:
    def encode(*_: object, **__: object) -> bytes:
        raise AssertionError("it takes half a second over 20,000 labels")

    monkeypatch.setattr(chat_sites.idna, "encode", encode)
    assert not is_of(f"https://{'ß.' * 20_000}example/", ["https://salon.example"])
