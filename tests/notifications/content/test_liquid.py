"""Tenants' texts as templates: filled, checked, and harmless whatever is in them."""

import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.notifications.configure.template_check import check
from app.notifications.content.liquid import LONGEST, BadTemplate, fill
from app.notifications.types import TYPES

VALUES = {"customer_name": "Ann", "business_name": "B & Sons", "secret": "{{customer_name}}"}
REMINDER = TYPES["appointment_reminder"]
# Seconds of CPU: what takes longer grows with something else than the text.
BOUND = 0.5


def filled(text: str) -> str | None:
    """What a text says; None where it is refused. Either comes soon."""
    began = time.process_time()
    try:
        return fill(text, VALUES, escape=False)
    except BadTemplate as bad:
        assert str(bad).endswith("."), str(bad)
        return None
    finally:
        assert time.process_time() - began < BOUND, text[:80]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("Hi {{customer_name}}!", "Hi Ann!"),
        ("{{ customer_name | upcase }} {{ '' | default: 'you' }}", "ANN you"),
        ("{% if customer_name == 'Ann' %}Dear{% else %}Hi{% endif %} you", "Dear you"),
        # A value is never a template, and an SMS never HTML.
        ("{{ secret }} {{ business_name }}", "{{customer_name}} B & Sons"),
        ("100 % {sure} } %} }}", "100 % {sure} } %} }}"),
        ("", ""),
    ],
)
def test_a_template_says(text: str, said: str) -> None:
    assert filled(text) == said


@pytest.mark.parametrize(
    ("length", "said"),
    [("13", "Cut and color"), ("12", "Cut and c..."), ("2", "..."), ("5, '…'", "Cut …")],
)
def test_truncate_cuts_what_is_too_long_and_nothing_else(length: str, said: str) -> None:
    text = f"{{{{ service | truncate: {length} }}}}"
    assert fill(text, {"service": "Cut and color"}, escape=False) == said


@pytest.mark.parametrize("written", ["{customer_name}", "{ Customer_Name }", "[customer_name]"])
def test_a_name_in_another_programs_marks_is_not_saved_without_a_word(written: str) -> None:
    [problem] = check(f"Hi {written}, see you {{{{appointment_date}}}}", REMINDER)
    assert problem == f"{written} would be sent as it stands. Write {{{{customer_name}}}}."
    assert check("Hi %customer_name%", REMINDER)
    assert check("Hi [there] {you} 100%, {{customer_name}}", REMINDER) == []


def test_values_are_escaped_for_an_email_and_the_tenants_own_words_are_not() -> None:
    values = {"customer_name": "<script>alert('x')</script>"}
    html = fill("<b>{{ customer_name }}</b>{{ customer_name | upcase }}", values, escape=True)
    assert html.startswith("<b>&lt;script&gt;")
    assert "<script" not in html.lower()


EVIL = {
    "nested loops": "{% for a in (1..9999) %}{% for b in (1..9999) %}x{% endfor %}{% endfor %}",
    "a huge range": "{% for a in (1..99999999999) %}x{% endfor %}",
    "a table of rows": "{% tablerow a in (1..99999999) %}x{% endtablerow %}",
    "a range by filters": "{{ (1..99999999) | join: 'xxxxxxxx' }}",
    "what is in a range": "{% if (1..999999999) contains customer_name %}x{% endif %}",
    "what is in a range, behind quotes": "{% if ['a' ' ] == 1 or (1..99999999) contains 'b' %}"
    "x{% endif %}",
    "another template": "{% include 'etc/passwd' %}",
    "itself": "{% render 'self' %}",
    "growth by assign": "{% assign a = 'xxxxxxxx' %}" + "{% assign a = a | append: a %}" * 100,
    "growth by capture": "{% capture a %}xx{% endcapture %}"
    + "{% capture a %}{{a}}{{a}}{% endcapture %}" * 80,
    "growth by replace": "{{ 'x'" + " | replace: 'x', 'xxxxxxxxxx'" * 100 + " }}",
    "growth by times": "{{ 9" + " | times: 9999999999" * 200 + " }}",
    "a class": "{{ ''.__class__ }}",
    "the class of a value": "{{ customer_name.__class__.__mro__ }}",
    "by an index": "{{ customer_name['__class__'] }}",
    "the environment": "{{ self }}{{ env }}{{ context }}{{ globals }}",
    "many tags in one": "{% liquid\nassign a = 1\necho a\n%}",
    "depth": "{% if customer_name %}" * 200 + "x" + "{% endif %}" * 200,
    "a long condition": "{% if " + "1 or " * 980 + "1 %}x{% endif %}",
    "brackets": "{{ " + "customer_name[" * 300 + "1" + "]" * 300 + " }}",
    "parentheses": "{% if " + "(" * 2400 + " %}x{% endif %}",
    "openings": "{{" * 2500,
    "openings of tags": "{%" * 2500,
    "blanks": "{{" + " " * 4990,
    "blanks that are closed": "{{ customer_name" + " " * 4900 + "}}",
    "blanks after a tag": "{% raw" + " " * 4990,
    "raws": "{% raw %}" * 555,
    "a huge number": "{{ " + "9" * 4900 + " }}",
    "a text that is too long": "x" * (LONGEST + 1),
    "jinja": "{{ cycler.__init__.__globals__.os.popen('id').read() }}",
}


@pytest.mark.parametrize("kind", EVIL)
def test_an_evil_template_is_refused_at_once(kind: str) -> None:
    assert filled(EVIL[kind]) is None
    assert check(EVIL[kind], REMINDER)


def test_much_is_not_made_of_little() -> None:
    values = {"customer_name": "x" * 1000}
    with pytest.raises(BadTemplate, match="too long"):
        fill("{{ customer_name }}" * 200, values, escape=False)


MARKS = """
{{ }} {% %} {{- -%} if else elsif endif case when unless customer_name secret | truncate: default:
upcase ' " 1 .. ( ) [ ] . raw endraw comment endcomment for == or : , # -1 99999999999999999999 nil
contains ñ
"""
PIECES = st.sampled_from([*MARKS.split(), " ", "\n", "\x00", "\ud800"])
TEXTS = st.text() | st.lists(PIECES, max_size=60).map(" ".join) | st.lists(PIECES).map("".join)


@settings(max_examples=300, deadline=None)
@given(text=TEXTS)
def test_any_text_fills_or_is_refused_in_a_sentence(text: str) -> None:
    said = filled(text)
    problems = check(text, REMINDER)
    assert all(isinstance(problem, str) and problem for problem in problems)
    if said is None:
        assert problems


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("Hi {{customer_name}}, {{ staff_name | upcase }}", []),
        ("Hi {{custmer_name}}", ["custmer_name is unknown: did you mean customer_name?"]),
        (
            "{% if staf_name %}x{% endif %}{{ appointment_date | upcas }}",
            [
                "staf_name is unknown: did you mean staff_name?",
                "The filter upcas is unknown: did you mean upcase?",
            ],
        ),
        ("{{ customer_name.first }}", ["customer_name has no parts. Write {{customer_name}}."]),
        ("Hi\n{{customer_name", ["Line 2: {{ is not closed. Write }} after it."]),
        ("{% if staff_name %}x", ["Expected tag endif, found end of expression."]),
        (" {% if 1 == 2 %}x{% endif %} ", ["It says nothing. Write what the customer will read."]),
    ],
)
def test_a_check_says_what_is_wrong_and_what_was_meant(text: str, told: list[str]) -> None:
    assert check(text, REMINDER) == told


def test_an_unknown_name_that_is_like_no_other_is_told_which_there_are() -> None:
    [told] = check("{{ zzz }}", TYPES["missed_call"])
    known = "customer_name, business_name, last_service, visits, usual_staff"
    assert told == f"zzz is unknown. Known are {known}."
