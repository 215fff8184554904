"""Telephone numbers as people read them; forms, links and files keep E.164."""

import re
from typing import Any

from markupsafe import Markup, escape

from admin_views.frame import business
from app.lib.telephone import phone
from app.models.customer import named_visitor
from app.tenancy import tenant_in_scope

BETWEEN = re.compile(r"\(0\)|[\s+()./\u2010-\u2015-]")
# Fewer digits can be anything.
SHORTEST = 7


def pretty(address: str) -> str:
    """A number as it is written where the business is, for the operator internationally; a visitor
    of the live chat by a short name; anything else, such as a name, as it stands."""
    if not address.startswith("+"):
        return named_visitor(address)
    return phone.pretty(address, business().country if tenant_in_scope() else "")


def tel(address: str, words: str = "") -> Markup:
    """A number as a link that calls it, which reads as people write it, or the words; anything else
    as it stands."""
    if not address.startswith("+"):
        return escape(named_visitor(address))
    return Markup('<a href="tel:{}">{}</a>').format(address, words or pretty(address))


def sought(text: str) -> str:
    """What a search looks for: of a whole number, however it is written, E.164, of a part the
    digits that E.164 has too; any other text as it stands."""
    digits = BETWEEN.sub("", text)
    if not (digits.isascii() and digits.isdigit() and len(digits) >= SHORTEST):
        return text
    whole = phone.forms(text, business().country if tenant_in_scope() else "")
    return whole[0] if whole else digits.lstrip("0")


def as_written(_view: Any, _context: Any, row: Any, name: str) -> str:
    """A column formatter: the number as people read it."""
    return pretty(getattr(row, name) or "")
