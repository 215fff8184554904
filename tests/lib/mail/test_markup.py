"""The HTML of emails, and how it reads."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.lib.mail.markup import as_text, of_text, safe


@pytest.mark.parametrize(
    ("html", "becomes"),
    [
        ("Hi\nAnn", "Hi<br>\nAnn"),
        ("<p>Hi\nAnn</p>", "<p>Hi\nAnn</p>"),
        ("come < 10 minutes early", "come &lt; 10 minutes early"),
        ("<script>alert(1)</script>Hi", "Hi"),
        ('<b onclick="x()" style="color:red">Hi</b>', "<b>Hi</b>"),
        ('<img src="https://spy.example/1.gif">Hi', "Hi"),
        ('<a href="javascript:alert(1)">Hi</a>', '<a rel="noopener noreferrer">Hi</a>'),
        (
            "https://a.example/?x=1&amp;y=2",
            '<a href="https://a.example/?x=1&amp;y=2" rel="noopener">'
            "https://a.example/?x=1&amp;y=2</a>",
        ),
        (
            "<p>See https://a.example/x</p>",
            '<p>See <a href="https://a.example/x" rel="noopener">https://a.example/x</a></p>',
        ),
        (
            "Hi https://a.example/&#34;onmouseover=&#34;x()",
            'Hi <a href="https://a.example/&#34;onmouseover=&#34;x()" rel="noopener">'
            "https://a.example/&#34;onmouseover=&#34;x()</a>",
        ),
    ],
)
def test_only_what_a_message_needs_is_let_through(html: str, becomes: str) -> None:
    assert safe(html) == becomes


@pytest.mark.parametrize(
    ("html", "reads"),
    [
        ("Hi<br>\nAnn", "Hi\nAnn"),
        ("<p>One</p>\n<p>Two</p>", "One\n\nTwo"),
        ("<ul><li>a<li>b</ul>", "- a\n- b"),
        ('<a href="https://a.example">here</a>', "here (https://a.example)"),
        ('<a href="https://a.example">https://a.example</a>', "https://a.example"),
        ('<a href="mailto:a@b.example">a@b.example</a>', "a@b.example"),
        ("1 &lt; 2 &amp; 3", "1 < 2 & 3"),
    ],
)
def test_html_reads_as_a_person_reads_it(html: str, reads: str) -> None:
    assert as_text(html) == reads


@given(st.text(st.characters(codec="utf-8", exclude_categories=["C", "Z"]), min_size=1))
def test_any_text_survives_as_html(text: str) -> None:
    assert as_text(of_text(text)) == text


@pytest.mark.parametrize(
    ("href", "leads"),
    [
        ("www.salon.example/book", "https://www.salon.example/book"),
        ("salon.example", "https://salon.example"),
        ("https://salon.example/a?b=c", "https://salon.example/a?b=c"),
        ("mailto:a@salon.example", "mailto:a@salon.example"),
        ("/book", None),
        ("book.html", "https://book.html"),
        ("javascript:alert(1)", None),
    ],
)
def test_a_link_leads_somewhere_from_an_email(href: str, leads: str | None) -> None:
    html = safe(f'<a href="{href}">here</a>')
    assert html.startswith(f'<a href="{leads}"' if leads else '<a rel="noopener')
