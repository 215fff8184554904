"""Tenants' templates, filled in: Liquid with only what a message needs.

A tenant's text is not to be trusted. What could repeat, remember, load or make much out of little
(loops, assignments, other templates, most filters) is not part of the language, so that the work
grows with the text alone, and the text is limited.
"""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from functools import lru_cache
from re import Match
from re import compile as pattern
from typing import Any

from liquid import BoundTemplate, Environment, RenderContext, StrictUndefined
from liquid.builtin import register
from liquid.builtin.expressions.primitive import RangeLiteral
from liquid.exceptions import (
    FilterArgumentError,
    LiquidError,
    OutputStreamLimitError,
    UnknownFilterError,
)
from liquid.expression import Expression
from liquid.filter import string_filter

LONGEST = 5_000
# Between {{ and }}: Liquid takes quadratic time over blanks there, for each message.
LONGEST_MARK = 500
# The marks of texts and outputs, which Liquid keeps among its tags, and conditions.
TAGS = ("content", "output", "illegal", "if", "unless", "case", "comment")
FILTERS = ("capitalize", "default", "downcase", "strip", "truncate", "upcase")
OPENING = pattern(r"\{\{|\{%")
CLOSING = {"{{": "}}", "{%": "%}"}


class BadTemplate(ValueError):
    """The template cannot be used; the text says what is wrong with it, and in which line."""


class Language(Environment):
    output_stream_limit = 10 * LONGEST

    def setup_tags_and_filters(self, *, extra: bool = False) -> None:
        register(self)
        self.tags = {name: self.tags[name] for name in self.tags if name in TAGS}
        self.filters = {name: self.filters[name] for name in FILTERS} | {"truncate": truncate}


@string_filter
def truncate(text: str, length: Any = 50, end: Any = "...") -> str:
    """The text, or as much of it as fits into so many characters together with its end, as
    Shopify's Liquid has it; the library's cuts a text of just that length, and lengthens shorter
    ones. https://shopify.dev/docs/api/liquid/filters/truncate"""
    if not str(length).strip().isascii() or not str(length).strip().isdigit():
        raise FilterArgumentError("truncate expects a number", token=None)
    most, end = int(str(length)), str(end)
    return text if len(text) <= most else text[: max(most - len(end), 0)] + end


PLAIN = Language(undefined=StrictUndefined)
HTML = Language(undefined=StrictUndefined, autoescape=True)


def fill(template_text: str, values: Mapping[str, str], escape: bool) -> str:
    """The text with the values in their places. Raises BadTemplate.

    Values stand as they are, whatever marks are in them; with escape (for the HTML of an email)
    they are escaped, and the template's own text is not.
    """
    template = parse(template_text, HTML if escape else PLAIN)
    with sentences():
        return str(template.render(**values))


# A template is filled in for one customer after the other; what is parsed keeps nothing of that.
@lru_cache(maxsize=512)
def parse(template_text: str, language: Language = PLAIN) -> BoundTemplate:
    """Raises BadTemplate."""
    if len(template_text) > LONGEST:
        raise BadTemplate(f"It is too long: {LONGEST:,} characters at most.")
    _refuse_slow(template_text)
    with sentences():
        template = language.from_string(template_text)
        ranges = any(isinstance(each, RangeLiteral) for each in _expressions(template))
    if ranges:
        raise BadTemplate("Ranges such as (1..3) are not known here. Take them out.")
    return template


def _expressions(template: BoundTemplate) -> Iterator[Expression]:
    """All there are, at any depth. Whether a range has something in it can take Liquid for ever:
    {% if (1..999999999) contains customer_name %}."""
    context = RenderContext(template)
    nodes = list(template.nodes)
    while nodes:
        node = nodes.pop()
        nodes += node.children(context, include_partials=False)
        waiting = list(node.expressions())
        while waiting:
            expression = waiting.pop()
            waiting += expression.children()
            yield expression


def _refuse_slow(text: str) -> None:
    # Liquid's own search takes quadratic time over these, a second for 5,000 characters.
    found = OPENING.search(text)
    while found:
        closing = CLOSING[found[0]]
        end = text.find(closing, found.end())
        if end < 0:
            raise BadTemplate(
                f"Line {_line(text, found)}: {found[0]} is not closed. Write {closing} after it."
            )
        if end - found.end() > LONGEST_MARK:
            raise BadTemplate(
                f"Line {_line(text, found)}: there is too much between {found[0]} and {closing}."
            )
        found = OPENING.search(text, end + len(closing))


def _line(text: str, found: Match[str]) -> int:
    return text.count("\n", 0, found.start()) + 1


@contextmanager
def sentences() -> Iterator[None]:
    """Whatever Liquid raises over a text, as BadTemplate."""
    try:
        yield
    except OutputStreamLimitError:
        raise BadTemplate("Filled in, it is too long.") from None
    except UnknownFilterError as error:
        known = ", ".join(FILTERS)
        raise BadTemplate(f"{_where(error)}There is no such filter. Known: {known}.") from None
    except LiquidError as error:
        raise BadTemplate(f"{_where(error)}{_told(error)}.") from None
    except Exception:
        # Beyond its own errors the library raises others over odd texts.
        raise BadTemplate(CONFUSED) from None


CONFUSED = "It cannot be understood. Names stand in double braces, such as {{customer_name}}."


def _told(error: LiquidError) -> str:
    text = str(error.message or "it cannot be understood")
    return text[:1].upper() + text[1:]


def _where(error: LiquidError) -> str:
    try:
        context = error.context()
    except ValueError:
        # At the very end of the text.
        return ""
    return f"Line {context[0]}: " if context else ""
