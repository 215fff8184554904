"""An email's HTML in its frame: what is seen of it, and what nobody can put into it."""

from time import process_time

import pytest

from app.lib.mail.letter_page import content_security_policy, has_remote_pictures, page

GIF = "data:image/gif;base64,R0lG"
HISTORY = (
    '<div class="gmail_quote">On Tue, Nov 3, 2026 at 5 PM Bella &lt;b@salon.example&gt; wrote:<br>'
    "<blockquote>What you had asked</blockquote></div>"
)


def shown(html: str, remote: bool = False, **pictures: str) -> str:
    return page(html, pictures, remote).partition("<body>")[2]


def test_what_it_quotes_is_folded_and_there() -> None:
    seen, folded = shown(f"<div>Yes <b>please</b></div><br>{HISTORY}").split("<details>")
    assert "Yes <b>please</b>" in seen and "asked" not in seen
    assert "Show what it quotes" in folded and "What you had asked" in folded


def test_all_is_shown_where_nothing_else_would_be_left() -> None:
    seen = shown(HISTORY)
    assert "<details>" not in seen and "What you had asked" in seen


def test_a_picture_that_came_with_it_stands_in_its_place() -> None:
    seen = shown(
        '<p>Hi <img src="cid:sign@lee" alt="Sign"></p><img src="cid:no">', **{"sign@lee": GIF}
    )
    assert f'<img src="{GIF}" alt="Sign"' in seen
    assert "cid:" not in seen


def test_a_picture_that_lies_elsewhere_is_loaded_only_when_asked_for() -> None:
    html = '<img src="https://track.example/p.gif?who=ann" alt="Hi">'
    assert has_remote_pictures(html) and not has_remote_pictures("<p>src=http</p>")
    assert "track.example" not in shown(html) and 'alt="Hi"' in shown(html)
    assert "track.example" in shown(html, remote=True)
    assert "http" not in content_security_policy()
    assert "img-src data: https: http:" in content_security_policy(remote=True)


def test_a_link_opens_outside_and_tells_nobody_where_from() -> None:
    seen = shown('<a href="https://lee.example/?a=1&amp;b=2" target="_top">there</a>')
    assert 'href="https://lee.example/?a=1&amp;b=2"' in seen and 'target="_blank"' in seen
    assert "noopener noreferrer" in seen and "_top" not in seen


def test_colours_are_on_white_and_what_has_none_follows_the_reader() -> None:
    assert "color-scheme: light }" in page('<p style="color: #111">Hi</p>', {})
    assert "color-scheme: light }" in page('<table bgcolor="#eee"><tr><td>Hi</table>', {})
    assert "color-scheme: light dark }" in page("<p>Hi</p>", {})


@pytest.mark.parametrize(
    "html",
    [
        "<script>alert(1)</script>",
        "<img src=x onerror=alert(1)>",
        '<a href="javascript:alert(1)">x</a>',
        '<a href=" jAvA\tscript:alert(1)">x</a>',
        '<a href="data:text/html,<script>alert(1)</script>">x</a>',
        '<img src="data:image/svg+xml;base64,PHN2Zz4=">',
        '<meta http-equiv="refresh" content="0;url=https://evil.example">',
        '<base href="https://evil.example/">',
        '<form action="https://evil.example"><input name=password><button>x</button></form>',
        '<iframe src="https://evil.example"></iframe><object data="x"></object><embed src="x">',
        '<svg><script>alert(1)</script><a xlink:href="javascript:alert(1)">x</a></svg>',
        "<math><mtext><table><mglyph><style><img src=x onerror=alert(1)></style></table></math>",
        "<style>@import url(https://evil.example)</style>",
        '<link rel="stylesheet" href="https://evil.example">',
        '<p style="background:url(https://evil.example/p.gif)">x</p>',
        '<p style="background-image:url(https://evil.example/p.gif)">x</p>',
        '<p style="position:fixed;inset:0;z-index:9">x</p>',
        '<table background="https://evil.example/p.gif"><tr><td>x</table>',
        '<img src="//evil.example/p.gif"><img srcset="https://evil.example/p.gif 2x">',
        '<video poster="https://evil.example/p.gif"></video>',
        "<noscript><p title='</noscript><img src=x onerror=alert(1)>'></noscript>",
        "</body></html><script>alert(1)</script>",
        "<!--><script>alert(1)</script>-->",
        "<div>a</div><p>On Tue, Nov 3, 2026 at 5 PM A wrote:</p><blockquote></details><script>1",
    ],
)
def test_nothing_in_it_runs_posts_loads_or_leaves_its_place(html: str) -> None:
    seen = shown(html).lower()
    for word in ("<script", "alert(1)>", "onerror=", "javascript:", "evil.example", "<form"):
        assert word not in seen, word
    for word in ("<meta", "<base", "<svg", "<iframe", "position", "data:text", "svg+xml", "<link"):
        assert word not in seen, word
    assert seen.count("</details>") == seen.count("<details>") <= 1
    assert seen.count("</body>") == 1


@pytest.mark.parametrize(
    "html",
    [
        "<div>" * 60_000,
        "<blockquote>" * 40_000,
        "<table><tr><td>" * 30_000,
        "<b><p>" * 50_000,
        "<table><b>" * 40_000,
        "<p " + " ".join(f"a{number}=1" for number in range(40_000)) + ">",
        f'<p style="{"color:red;" * 40_000}">x',
        "<p>On Tue wrote:</p>" * 20_000,
        "<a href=x>" * 40_000,
        "&#" * 200_000,
        "&" * 500_000,
        "<img src='cid:" + "a" * 400_000,
    ],
)
def test_whatever_it_is_made_of_it_is_a_page_within_seconds(html: str) -> None:
    begun = process_time()
    assert page(html[:500_000], {}).endswith("</html>\n")
    assert process_time() - begun < 3
