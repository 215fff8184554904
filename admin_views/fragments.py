"""Parts of pages that say the same again and again: rendered once, and kept while they are used.

    {% call fragment("menu", role) %}…{% endcall %}
    {% macro row(talk, state) %}…{% endmacro %}
    {{ whole(fragments(row, {1: (talk, "open")}, today).values()) }}

What a part depends on is its key: plain values, and no row of the session. The business, its place
and its language belong to every key, so that nothing that was rendered for one is shown to another.
An answer's nonce and its form token are not part of it: a part is kept with marks in their place.
"""

from collections import OrderedDict
from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from functools import partial
from itertools import chain
from secrets import token_hex
from threading import Lock
from typing import Any, NamedTuple, TypeVar

from flask import current_app, g
from jinja2.runtime import Macro, Undefined
from markupsafe import Markup

from admin_views.frame import business
from app.tenancy import tenant_id_in_scope
from app.web.guards.csrf import page_token
from app.web.guards.headers import nonce

# Some hundred pages of rows, of a kilobyte or two each.
MOST = 5000
# Nobody can write them into a message: they are drawn anew at each start.
NONCE, TOKEN = token_hex(16), token_hex(16)


class Kept(NamedTuple):
    part: Markup
    marked: bool
    """Whether there is a mark in it."""


Name = TypeVar("Name", bound=Hashable)
_known: OrderedDict[Hashable, Kept] = OrderedDict()
_lock = Lock()


def fragment(*same: Hashable, caller: Callable[[], Markup]) -> Markup:
    """What the part is rendered as, or was when all of its key was the same. A key that is none,
    with a list in it or what is not defined, is kept of nothing."""
    part: Markup = _rendered((_page(), same), caller)
    return part


def fragments(
    macro: Macro, each: Mapping[Name, tuple[Any, ...]], *same: Hashable
) -> dict[Name, Markup]:
    """Many that are alike, under the names of `each`: what the macro makes of its arguments, which
    with `same` are all that it depends on."""
    here = (_page(), macro.name, *same)
    return {
        name: _rendered((here, arguments), partial(macro, *arguments))
        for name, arguments in each.items()
    }


def whole(parts: Iterable[Markup]) -> Markup:
    """All of them, one behind the other: Jinja would copy each."""
    return Markup("".join(parts))  # noqa: S704


def _rendered(key: tuple[tuple[Any, ...], tuple[Any, ...]], render: Callable[[], Any]) -> Any:
    try:
        known = _known.get(key)
    except TypeError:
        return render()
    if known is None:
        if any(isinstance(each, Undefined) for each in chain.from_iterable(key)):
            return render()
        known = _keep(key, render)
    if not known.marked:
        return known.part
    return known.part.replace(NONCE, nonce()).replace(TOKEN, page_token())


def _page() -> tuple[Any, ...]:
    """Whose page it is, by which program; asked for by each part of it."""
    whose = tenant_id_in_scope()
    known: tuple[Any, ...] | None = g.get("fragments_for")
    if known is None or known[0] != whose:
        here = business() if whose else None
        place = (here.country, here.timezone, here.locale) if here else None
        known = g.fragments_for = (whose, (id(current_app.jinja_env), place))
    return known


def _keep(key: Hashable, render: Callable[[], Any]) -> Kept:
    with _marks():
        part = render()
    with _lock:
        known = _known[key] = Kept(part, NONCE in part or TOKEN in part)
        while len(_known) > MOST:
            _known.popitem(last=False)
    return known


@contextmanager
def _marks() -> Iterator[None]:
    """In the place of this answer's own; within another part they stand already."""
    own = {"csp_nonce": g.pop("csp_nonce", None), "csrf_token": g.pop("csrf_token", None)}
    g.csp_nonce, g.csrf_token = NONCE, TOKEN
    try:
        yield
    finally:
        for name, value in own.items():
            g.pop(name)
            if value is not None:
                setattr(g, name, value)
