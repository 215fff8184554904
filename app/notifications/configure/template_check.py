"""What is wrong with a template, said before anybody is written to."""

import re
from collections.abc import Iterator
from difflib import get_close_matches

from liquid.static_analysis import TemplateAnalysis

from app.notifications.content.liquid import FILTERS, BadTemplate, fill, parse, sentences
from app.notifications.types.notification_type import Kind

# {name}, [name], %name%
BARE = re.compile(
    r"(?<!\{)\{\s*([a-z_]{1,40})\s*\}(?!\})|\[\s*([a-z_]{1,40})\s*\]|%([a-z_]{1,40})%",
    re.IGNORECASE,
)


def check(template_text: str, kind: Kind) -> list[str]:
    """A sentence for each thing that a person must change; none: it can be sent as it is."""
    try:
        template = parse(template_text)
        with sentences():
            analysis = template.analyze()
        problems = [*_names(analysis, kind), *_filters(analysis), *_bare(template_text, kind)]
        if not problems and not fill(template_text, _names_as_values(kind), escape=False).strip():
            problems = ["It says nothing. Write what the customer will read."]
    except BadTemplate as bad:
        return [str(bad)]
    return problems


def _bare(template_text: str, kind: Kind) -> Iterator[str]:
    """Of each name that stands in the marks of another program: it would be sent as it stands."""
    for found in BARE.finditer(template_text):
        name = next(filter(None, found.groups()), "").lower()
        if name in kind.variables:
            yield f"{found[0]} would be sent as it stands. Write {{{{{name}}}}}."


def _names_as_values(kind: Kind) -> dict[str, str]:
    return {name: name for name in kind.variables}


def _names(analysis: TemplateAnalysis, kind: Kind) -> Iterator[str]:
    for name, uses in analysis.variables.items():
        if name not in kind.variables:
            yield f"{name} is unknown{meant(name, kind.variables)}"
        elif any(len(use.segments) > 1 for use in uses):
            yield f"{name} has no parts. Write {{{{{name}}}}}."


def _filters(analysis: TemplateAnalysis) -> Iterator[str]:
    for name in analysis.filters:
        if name not in FILTERS:
            yield f"The filter {name} is unknown{meant(name, FILTERS)}"


def meant(name: str, known: tuple[str, ...]) -> str:
    """The end of a sentence about an unknown name: what it should be."""
    near = get_close_matches(name, known, n=1)
    return f": did you mean {near[0]}?" if near else f". Known are {', '.join(known)}."
